using System.Globalization;
using Ipam.Core.Blocks;

namespace Ipam.Core.Pools;

/// <summary>What counts against the quotas of a pool: each address in its ranges that a pod holds, or that is kept for one. Immutable.</summary>
/// <param name="pool">The pool.</param>
public sealed class QuotaScope(Pool pool)
{
    private readonly IReadOnlyList<AllocationRange> _ranges = PoolRanges.Of(pool, []);

    /// <summary>The pool.</summary>
    public Pool Pool => pool;

    /// <summary>
    /// What says of which pool the leases were counted: another one after each change of the pool. By its quotas and ranges alone one couldn't tell a pool that had none for a while, in which nobody
    /// counted what was handed out.
    /// </summary>
    public string Extent => pool.Version.ToString(CultureInfo.InvariantCulture);

    /// <summary>The quota that a lease counts against; null for none.</summary>
    public QuotaKey? QuotaOf(Lease lease) =>
        lease.Pod is { } pod && lease.Space == pool.Space && pool.QuotaOf(pod.Namespace) is not null && AllocationRange.WithAddress(_ranges, lease.Address) is not null
            ? new QuotaKey(pool.Name, pod.Namespace)
            : null;
}
