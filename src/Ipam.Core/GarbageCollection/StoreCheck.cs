using Ipam.Core.Administration;
using Ipam.Core.Stores;

namespace Ipam.Core.GarbageCollection;

/// <summary>Looks for all that is wrong in an open store, and changes nothing. Members throw <see cref="StoreException"/>.</summary>
/// <param name="store">The store.</param>
/// <param name="options">How leaks are looked for; their grace period doesn't matter, as each owner is looked at once.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Spreads pauses.</param>
public sealed class StoreCheck(IIpamStore store, CollectorOptions options, TimeProvider time, Random random)
{
    /// <summary>Looks. Where nothing can tell that a node is gone, leaks are not looked for.</summary>
    /// <param name="waits">Is told what is waited for, and how long at most.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<CheckReport> RunAsync(Action<string, TimeSpan> waits, CancellationToken cancellationToken)
    {
        var before = await store.Past.ReadAsync(cancellationToken);
        var clusterUid = store.Cluster is { } cluster ? await cluster.ReadUidAsync(cancellationToken) : "";
        var search = new DriftSearch(store);
        var drift = await search.FindAsync(cancellationToken);
        var collection = await LookForLeaksAsync(waits, cancellationToken);
        // What was read of different data says nothing together.
        if (!before.IsKeptBy(await store.Past.ReadAsync(cancellationToken)))
            throw new StoreException($"{store.Description} lost data while it was looked at; look again when its nodes have asserted their leases");
        return new CheckReport
        {
            At = time.GetUtcNow(),
            Store = store.Description,
            Identity = before.Identity,
            ClusterUid = clusterUid,
            Leases = search.Leases,
            InNoPool = search.InNoPool,
            Drift = drift,
            BlocksOfGoneNodes = collection.BlocksOfGoneNodes,
            Leaks = collection.Suspects,
            Refusals = collection.Refusals,
        };
    }

    private Task<CollectionReport> LookForLeaksAsync(Action<string, TimeSpan> waits, CancellationToken cancellationToken) =>
        store.Cluster is null && options.NodeGoneAfter is null
            ? Task.FromResult(new CollectionReport())
            : new CollectionRun(new LeakCollector(store, options, time, random), options.Grace, time).RunAsync(onlyLooks: true, static () => false, waits, cancellationToken);
}
