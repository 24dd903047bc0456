using Ipam.Core.Pools;

namespace Ipam.Service.Verbs;

/// <summary>Ranges in messages.</summary>
internal static class RangeText
{
    public static string Of(IReadOnlyList<AllocationRange> ranges) =>
        string.Join(", ", ranges.Select(static range => range.Pool is { } pool ? $"{range} of pool {pool}" : $"{range} of {range.Subnet}"));
}
