using Ipam.Core.Pools;

namespace Ipam.Configuration.Tests.Support;

/// <summary>Range sets as a sentence: <c>10.1.0.2-10.1.0.254 of 10.1.0.0/24 via 10.1.0.1</c>, sets separated by a bar.</summary>
internal static class RangeSentence
{
    public static string Of(IEnumerable<IReadOnlyList<AllocationRange>> sets) =>
        string.Join(" | ", sets.Select(static set => string.Join(" or ", set.Select(Of))));

    private static string Of(AllocationRange range)
    {
        var addresses = Enumerable.Range(0, range.Allocatable.Count).Select(i => range.Allocatable[i].ToString());
        return $"{(range.Allocatable.IsEmpty ? "nothing" : string.Join(",", addresses))} of {range.Subnet}{(range.Gateway is { } gateway ? $" via {gateway}" : "")}";
    }
}
