using Ipam.Core.Blocks;
using Ipam.Core.Reconciliation;
using Ipam.Core.Stores;

namespace Ipam.Core.GarbageCollection;

/// <summary>What a store's cluster says of owners now: who is known to live. It is no reason to release: of who is missing it says nothing. Immutable.</summary>
public sealed class LifeSigns
{
    private readonly Reading? _pods;

    private LifeSigns(Reading? pods) => _pods = pods;

    /// <summary>Nobody is known to live.</summary>
    public static LifeSigns None { get; } = new(null);

    /// <summary>Lists the pods of the cluster; <see cref="None"/> for a store that belongs to none.</summary>
    /// <exception cref="StoreException">The cluster failed or refused.</exception>
    public static async Task<LifeSigns> ReadAsync(IIpamStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        if (store.Cluster is not { } cluster)
            return None;
        var beganAt = time.GetTimestamp();
        var pods = await cluster.ListPodsAsync(cancellationToken);
        return new LifeSigns(ClusterReadings.OfPods(pods, beganAt, time.GetTimestamp()));
    }

    /// <summary>What shows that the owner of a lease lives, as a part of a sentence; null if nothing does.</summary>
    public string? Of(Lease lease) => _pods?.Of(lease) is { Verdict: Verdict.Alive } evidence ? evidence.Finding : null;
}
