using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Core.GarbageCollection;

/// <summary>Ends leases block by block, each block in one commit, by compare-and-swap: only exactly these leases end. Not thread-safe.</summary>
/// <param name="store">The store.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Spreads pauses.</param>
internal sealed class BlockReleases(IIpamStore store, TimeProvider time, Random random)
{
    /// <summary>Ends those of the leases that the block still has.</summary>
    /// <param name="id">The block.</param>
    /// <param name="leases">The leases, and why they end.</param>
    /// <param name="isGone">Whether a node is gone, so that a block of it is deleted once it is empty.</param>
    /// <param name="mayWrite">Asked right before each commit: whether it may still be made.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The leases that ended; null if that may no longer be.</returns>
    /// <exception cref="StoreException">The store failed, the block is damaged, or others keep changing it.</exception>
    public async Task<IReadOnlyList<EndedLease>?> ReleaseAsync(
        BlockId id, IReadOnlyList<EndedLease> leases, Func<string, bool> isGone, Func<bool> mayWrite, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < LeaseReleaser.MaxAttempts; attempt++)
        {
            await ConflictPause.BeforeAsync(attempt, random, time, cancellationToken);
            var found = await store.ReadBlocksAsync([id], cancellationToken);
            if (found.Damaged is [var damage, ..])
                throw StoreException.About($"release leases of block {id}", damage);
            if (found is not [var block])
                return [];
            var ended = leases.Where(lease => block.Holds(lease.Lease)).ToArray();
            var now = time.GetUtcNow();
            var change = BlockChange.EndWithNode(block.EndCooldowns(now), ended, now);
            var isToGo = change.Block is { Node: { } node } next && next.IsSpent(now) && isGone(node);
            if (ended.Length == 0 && !isToGo)
                return [];
            if (!mayWrite())
                return null;
            if ((await store.CommitAsync([change with { Delete = isToGo }], cancellationToken))[0].Status == CommitStatus.Committed)
                return ended;
        }
        throw new StoreException($"gave up after {LeaseReleaser.MaxAttempts} attempts: others keep changing block {id} in {store.Description}; it will be tried again");
    }
}
