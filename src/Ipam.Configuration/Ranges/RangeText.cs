using Ipam.Core.Pools;

namespace Ipam.Configuration.Ranges;

/// <summary>Ranges in messages: those addresses that can be handed out, so that what is held of them adds up.</summary>
public static class RangeText
{
    /// <summary>A message is read by people.</summary>
    private const int Most = 8;

    /// <summary>The ranges; of many the first few, and how many more there are.</summary>
    public static string Of(IReadOnlyList<AllocationRange> ranges) =>
        string.Join(", ", ranges.Take(Most).Select(static range => range.Pool is { } pool ? $"{range} of pool {pool}" : $"{range} of {range.Subnet}"))
        + (ranges.Count > Most ? $" and {ranges.Count - Most} more" : "");

    /// <summary>What to call an entry that these ranges are of: a person who uses pools knows of no range sets.</summary>
    public static string Of(IReadOnlyList<AllocationRange> ranges, int entry) => ranges.All(static range => range.Pool is not null)
        ? string.Join(", ", ranges.Select(static range => range.Pool!).Distinct()) is var pools && pools.Contains(',', StringComparison.Ordinal) ? $"pools {pools}" : $"pool {pools}"
        : $"range set {entry}";
}
