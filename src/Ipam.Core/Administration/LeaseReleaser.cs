using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Core.Administration;

/// <summary>
/// Releases single leases in a store, beside any services that use it. A lease is released only while it is that very lease, by
/// compare-and-swap. May be used from several threads at once if <paramref name="random"/> may.
/// </summary>
/// <param name="store">The store, open.</param>
/// <param name="time">The clock for pauses between tries.</param>
/// <param name="random">Spreads these pauses.</param>
public sealed class LeaseReleaser(IIpamStore store, TimeProvider time, Random random)
{
    /// <summary>How often a release is tried while others change the same block.</summary>
    public const int MaxAttempts = 20;

    /// <summary>Releases <paramref name="lease"/> if its address still has that very lease.</summary>
    /// <exception cref="StoreException">The store failed. The lease may or may not be released.</exception>
    public async Task<ReleaseOutcome> ReleaseAsync(Lease lease, CancellationToken cancellationToken)
    {
        var id = BlockId.Of(lease.Space, lease.Address);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            await ConflictPause.BeforeAsync(attempt, random, time, cancellationToken);
            var block = (await store.ReadBlocksAsync([id], cancellationToken)).SingleOrDefault();
            if (block?.LeaseOf(lease.Address) is not { } held)
                return ReleaseOutcome.AlreadyGone;
            if (!held.IsSameAs(lease))
                return ReleaseOutcome.HeldByAnother;
            var results = await store.CommitAsync([Without(block, held)], cancellationToken);
            if (results[0].Status == CommitStatus.Committed)
                return ReleaseOutcome.Released;
        }
        return ReleaseOutcome.GaveUp;
    }

    // An empty block stays: it remembers which address comes next. The services return it in their own time.
    private BlockChange Without(Block block, Lease lease)
    {
        var now = time.GetUtcNow();
        var resting = Rest.At(block.Resting, now);
        Rest.Add(resting, lease, now);
        var without = new Block(block.Id, block.Leases.Where(other => other != lease))
        {
            Node = block.Node,
            Version = block.Version,
            LastSequence = block.LastSequence,
            LastOffset = block.LastOffset,
            Resting = resting,
        };
        return new BlockChange(without, Added: [], Removed: [lease]);
    }
}
