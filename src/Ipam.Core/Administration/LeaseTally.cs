using Ipam.Core.Blocks;
using Ipam.Core.Pools;

namespace Ipam.Core.Administration;

/// <summary>Counts leases by what they have in common.</summary>
public sealed class LeaseTally
{
    /// <summary>The kind that needs the pools.</summary>
    public const string ByPool = "pool";

    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly Func<Lease, string> _keyOf;

    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="pools">The pools; of no interest but for <see cref="ByPool"/>.</param>
    public LeaseTally(string kind, IReadOnlyList<Pool> pools)
    {
        var ranges = pools.Select(static pool => (pool.Name, Addresses: PoolAddresses.Of(pool))).ToList();
        _keyOf = kind switch
        {
            "node" => static lease => lease.Node,
            "network" => static lease => lease.Owner.Network,
            "namespace" => static lease => lease.Pod?.Namespace ?? "",
            "owner" => static lease => lease.Pod is null ? "container" : "pod",
            _ => lease => string.Join(',', ranges.Where(pool => pool.Addresses.Contains(lease.Space, lease.Address)).Select(static pool => pool.Name)),
        };
    }

    /// <summary>One that needs no pools.</summary>
    public static LeaseTally By(string kind) => new(kind, []);

    /// <summary>What can be counted by.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["node", "namespace", "network", "owner", ByPool];

    /// <summary>The counts, the largest first.</summary>
    public IEnumerable<LeaseCount> Counts => _counts.Select(static count => new LeaseCount(count.Key, count.Value))
        .OrderByDescending(static count => count.Leases).ThenBy(static count => count.Key, StringComparer.Ordinal);

    /// <summary>Counts one.</summary>
    public void Add(Lease lease)
    {
        var key = _keyOf(lease);
        _counts[key] = _counts.GetValueOrDefault(key) + 1;
    }
}

/// <summary>How many leases have something in common.</summary>
/// <param name="Key">What; empty for nothing.</param>
/// <param name="Leases">How many.</param>
public sealed record LeaseCount(string Key, int Leases);
