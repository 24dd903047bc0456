using System.Runtime.CompilerServices;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Core.Administration;

/// <summary>
/// Writes the content of another store into one that is empty, or has a part of it. Blocks come first and pools last: who begins to hand out addresses meanwhile finds
/// them held. Killed at any instant and run again, it ends the same. Memory grows with the number of blocks that the store has. Members throw
/// <see cref="StoreException"/>: something may then be written, and the rest goes with the next run. Not thread-safe.
/// </summary>
/// <param name="store">The store, open. Nobody else should work on it.</param>
/// <param name="catalog">The pools and reservations that it shall have.</param>
/// <param name="blocks">Lists the blocks that it shall have, of version 0, as often as it is called.</param>
/// <param name="by">Who does it.</param>
/// <param name="textOfPool">All that a pool says as a text; of two that say the same, the same text.</param>
/// <param name="textOfReservation">The same of a reservation.</param>
public sealed class StoreRestorer(
    IIpamStore store, PoolCatalog catalog, Func<CancellationToken, IAsyncEnumerable<Block>> blocks, string by, Func<Pool, string> textOfPool, Func<Reservation, string> textOfReservation)
{
    /// <summary>Blocks of one commit: at most 4,096 leases.</summary>
    private const int AtOnce = 64;

    private const int MostNamed = 5;

    private HashSet<BlockId> _present = [];
    private PoolCatalog _found = PoolCatalog.Empty;
    private List<string> _differences = [];
    private long _differenceCount;

    /// <summary>Compares the store with what it shall have.</summary>
    public async Task<RestoreComparison> CompareAsync(CancellationToken cancellationToken)
    {
        (_differences, _differenceCount) = ([], 0);
        _found = await store.Pools.ReadAsync(cancellationToken);
        CompareCatalog();
        var summaries = await store.ListSummariesAsync(BlockFilter.All, cancellationToken);
        foreach (var damage in summaries.Damaged)
            Differs(damage.Why.TrimEnd('.'));
        _present = [.. summaries.Select(static block => block.Id)];
        var others = new HashSet<BlockId>(_present);
        long missingBlocks = 0, missingLeases = 0;
        await foreach (var some in ChunksAsync(cancellationToken))
        {
            var there = some.Where(block => others.Remove(block.Id)).ToList();
            foreach (var block in some.Where(block => !_present.Contains(block.Id)))
                (missingBlocks, missingLeases) = (missingBlocks + 1, missingLeases + block.Leases.Count);
            if (there.Count > 0)
                await CompareAsync(there, cancellationToken);
        }
        foreach (var id in others)
            Differs($"the store has the block {id}, and the export doesn't");
        var entries = catalog.Pools.Count(pool => _found.FindPool(pool.Name) is null)
            + catalog.Reservations.Count(reservation => _found.FindReservation(reservation.Name) is null);
        return new RestoreComparison(missingBlocks, missingLeases, entries, _differences, _differenceCount);
    }

    /// <summary>Writes what was missing at the last comparison, which must have found that the store fits.</summary>
    /// <param name="progress">Is told the number of blocks written so far.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="StoreException">The store failed, or somebody else wrote to it meanwhile.</exception>
    public async Task WriteAsync(Action<long> progress, CancellationToken cancellationToken)
    {
        long written = 0;
        await foreach (var some in ChunksAsync(cancellationToken))
        {
            var changes = some.Where(block => !_present.Contains(block.Id)).Select(block => new BlockChange(block, block.Leases, []) { Origin = new BeginReason(BeginCause.Restore, by) }).ToList();
            if (changes.Count == 0)
                continue;
            var results = await store.CommitAsync(changes, cancellationToken);
            for (var i = 0; i < results.Count; i++)
            {
                if (results[i].Status == CommitStatus.Conflict)
                    throw Meddled($"the block {changes[i].Block.Id}");
            }
            written += changes.Count;
            progress(written);
        }
        foreach (var reservation in catalog.Reservations.Where(reservation => _found.FindReservation(reservation.Name) is null))
        {
            if (!await store.Pools.PutAsync(reservation, cancellationToken))
                throw Meddled($"the reservation {reservation.Name}");
        }
        foreach (var pool in catalog.Pools.Where(pool => _found.FindPool(pool.Name) is null))
        {
            if (!await store.Pools.PutAsync(pool, cancellationToken))
                throw Meddled($"the pool {pool.Name}");
        }
    }

    private void CompareCatalog()
    {
        foreach (var entry in _found.Damaged)
            Differs(entry.Why.TrimEnd('.'));
        foreach (var pool in _found.Pools)
            Compare("pool", pool.Name, textOfPool(pool), catalog.FindPool(pool.Name) is { } wanted ? textOfPool(wanted) : null);
        foreach (var reservation in _found.Reservations)
            Compare("reservation", reservation.Name, textOfReservation(reservation), catalog.FindReservation(reservation.Name) is { } wanted ? textOfReservation(wanted) : null);
    }

    private void Compare(string kind, string name, string found, string? wanted)
    {
        if (wanted is null)
            Differs($"the store has the {kind} {name}, and the export doesn't");
        else if (wanted != found)
            Differs($"the {kind} {name} is another one in the store than in the export");
    }

    private async Task CompareAsync(List<Block> wanted, CancellationToken cancellationToken)
    {
        var found = (await store.ReadBlocksAsync(wanted.ConvertAll(static block => block.Id), cancellationToken)).ToDictionary(static block => block.Id);
        foreach (var block in wanted)
        {
            // One that is gone again, or damaged, is no longer what was listed.
            if (!found.TryGetValue(block.Id, out var here) || here with { Version = 0 } != block)
                Differs($"the block {block.Id} is another one in the store than in the export{LeaseThatDiffers(here, block)}");
        }
    }

    private static string LeaseThatDiffers(Block? here, Block wanted)
    {
        var lease = here?.Leases.FirstOrDefault(lease => wanted.LeaseOf(lease.Address) != lease);
        return lease is null ? "" : $": {lease.Address} is held by {lease.Owner}";
    }

    private void Differs(string what)
    {
        if (_differenceCount++ < MostNamed)
            _differences.Add(what);
    }

    private StoreException Meddled(string what) => new($"{store.Description}: somebody else wrote {what} meanwhile.");

    private async IAsyncEnumerable<List<Block>> ChunksAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var some = new List<Block>(AtOnce);
        await foreach (var block in blocks(cancellationToken))
        {
            some.Add(block);
            if (some.Count < AtOnce)
                continue;
            yield return some;
            some = new List<Block>(AtOnce);
        }
        if (some.Count > 0)
            yield return some;
    }
}
