using Ipam.Core.Blocks;
using Ipam.Core.Reconciliation;
using Ipam.Core.Stores;

namespace Ipam.Core.GarbageCollection;

/// <summary>
/// Releases leaks that reports name: a report is the first reading of an owner, and a look now is the second. Everything else is as in a collection. Killed at any
/// instant and run again, it ends the same.
/// </summary>
/// <param name="store">The store, open.</param>
/// <param name="named">The leaks, and what was found of them.</param>
/// <param name="options">Limits, as of a collection.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Spreads pauses.</param>
public sealed class LeakRepair(
    IIpamStore store, IReadOnlyDictionary<LeaseToken, EarlierFinding> named, CollectorOptions options, TimeProvider time, Random random)
{
    private const int BlocksAtOnce = 256;

    /// <summary>Releases them.</summary>
    /// <param name="onlyLooks">Whether to end at the first look that shows all, and to release nothing.</param>
    /// <param name="mayRelease">Whether leases may still be released.</param>
    /// <param name="waits">Is told what is waited for, and how long at most.</param>
    /// <param name="cancellationToken">Cancels it; what was released stays so.</param>
    /// <exception cref="StoreException">The store or the cluster failed.</exception>
    public async Task<RepairReport> RunAsync(bool onlyLooks, Func<bool> mayRelease, Action<string, TimeSpan> waits, CancellationToken cancellationToken)
    {
        var collector = new LeakCollector(store, options with { Named = named }, time, random);
        var collection = await new CollectionRun(collector, options.Grace, time).RunAsync(onlyLooks, mayRelease, waits, cancellationToken);
        var left = named.Keys.Except(collection.Released.Select(static release => LeaseToken.Of(release.Lease)));
        return new RepairReport(named.Count, collection, await StayingAsync([.. left], collection, cancellationToken));
    }

    /// <summary>Those of the leases that are still there.</summary>
    private async Task<IReadOnlyList<StayingLease>> StayingAsync(IReadOnlyList<LeaseToken> leases, CollectionReport collection, CancellationToken cancellationToken)
    {
        var staying = new List<StayingLease>();
        var wanted = leases.ToHashSet();
        var suspects = collection.Suspects.ToDictionary(static suspect => LeaseToken.Of(suspect.Lease));
        foreach (var ids in leases.Select(static lease => BlockId.Of(lease.Space, lease.Address)).Distinct().Chunk(BlocksAtOnce))
        {
            foreach (var block in await store.ReadBlocksAsync(ids, cancellationToken))
                staying.AddRange(block.Leases.Where(lease => wanted.Contains(LeaseToken.Of(lease))).Select(lease => new StayingLease(lease, suspects.GetValueOrDefault(LeaseToken.Of(lease)))));
        }
        return staying;
    }
}

/// <summary>What became of leaks that reports name.</summary>
/// <param name="Named">How many the reports name.</param>
/// <param name="Collection">What was found and released.</param>
/// <param name="Staying">Those that are still held. Those that are neither released nor here were released by others before.</param>
public sealed record RepairReport(int Named, CollectionReport Collection, IReadOnlyList<StayingLease> Staying);

/// <summary>A lease that a report names and that isn't released.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="Suspect">What is found of it now; null if no reading finds its owner gone.</param>
public sealed record StayingLease(Lease Lease, Suspect? Suspect);
