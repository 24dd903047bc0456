using System.Security.Cryptography;
using System.Text;
using Ipam.Core.Blocks;

namespace Ipam.Core.Pools;

/// <summary>What counts against the quotas of a pool: each address in its ranges that a pod holds, or that is kept for one. Immutable.</summary>
/// <param name="pool">The pool.</param>
public sealed class QuotaScope(Pool pool)
{
    private readonly IReadOnlyList<AllocationRange> _ranges = PoolRanges.Of(pool, []);

    /// <summary>The pool.</summary>
    public Pool Pool => pool;

    /// <summary>A digest of what it depends on which leases count: another one for other ranges, or quotas of other namespaces.</summary>
    public string Extent => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(
        ' ', [pool.Space, .. pool.Ranges.Select(static range => $"{range.Subnet}/{range.Bounds}/{range.AllowOutside}"), .. pool.Quotas.Keys.Order(StringComparer.Ordinal)]))));

    /// <summary>The quota that a lease counts against; null for none.</summary>
    public QuotaKey? QuotaOf(Lease lease) =>
        lease.Pod is { } pod && lease.Space == pool.Space && pool.QuotaOf(pod.Namespace) is not null && AllocationRange.WithAddress(_ranges, lease.Address) is not null
            ? new QuotaKey(pool.Name, pod.Namespace)
            : null;
}
