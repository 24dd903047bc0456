using Ipam.Core.Pools;

namespace Ipam.Core.Quotas;

/// <summary>What became of a wish for a share.</summary>
/// <param name="Count">How much was wanted.</param>
/// <param name="Limit">The quota.</param>
/// <param name="Total">What all nodes together had of it.</param>
/// <param name="IsGranted">Whether it was taken.</param>
public readonly record struct QuotaVerdict(int Count, long Limit, long Total, bool IsGranted)
{
    /// <summary>Why there was no share, for people.</summary>
    public string Text(QuotaKey key) =>
        $"pool {key.Pool} has a quota of {Limit} addresses for namespace {key.Namespace}, and {Total} addresses are taken{(Count > 1 ? $", {Count} more wanted" : "")}";

    /// <summary>Whether so many more are too many, by what somebody saw.</summary>
    /// <param name="count">How many are wanted.</param>
    /// <param name="limit">The quota.</param>
    /// <param name="total">What is taken.</param>
    public static QuotaVerdict Of(int count, long limit, long total) => new(count, limit, total, total + count <= limit);
}
