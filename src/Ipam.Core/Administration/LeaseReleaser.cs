using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Core.Administration;

/// <summary>
/// Releases single leases in a store. Services may use the store at the same time: compare-and-swap makes sure that only exactly this lease
/// is released. May be used from several threads at once if <paramref name="random"/> may.
/// </summary>
/// <param name="store">The store, open.</param>
/// <param name="time">The clock for pauses between tries.</param>
/// <param name="random">Spreads these pauses.</param>
public sealed class LeaseReleaser(IIpamStore store, TimeProvider time, Random random)
{
    /// <summary>How often a change of one block is tried while others change it.</summary>
    public const int MaxAttempts = 20;

    /// <summary>
    /// Releases <paramref name="lease"/> if its address still has exactly this lease. If the block is empty afterwards, it stays: it remembers which
    /// address comes next, and the services return it later.
    /// </summary>
    /// <exception cref="StoreException">The store failed. The lease may or may not be released.</exception>
    public async Task<ReleaseOutcome> ReleaseAsync(Lease lease, ReleaseReason reason, CancellationToken cancellationToken)
    {
        var id = BlockId.Of(lease.Space, lease.Address);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            await ConflictPause.BeforeAsync(attempt, random, time, cancellationToken);
            var found = await store.ReadBlocksAsync([id], cancellationToken);
            if (found.Damaged is [var damage, ..])
                throw StoreException.About($"release {lease.Address}", damage);
            var block = found.SingleOrDefault();
            if (block?.LeaseOf(lease.Address) is not { } held)
                return ReleaseOutcome.AlreadyGone;
            if (!held.IsSameAs(lease))
                return ReleaseOutcome.HeldByAnother;
            var results = await store.CommitAsync([BlockChange.Release(block, held, reason, time.GetUtcNow())], cancellationToken);
            if (results[0].Status == CommitStatus.Committed)
                return ReleaseOutcome.Released;
        }
        return ReleaseOutcome.GaveUp;
    }
}

/// <summary>What became of the release of one lease.</summary>
public enum ReleaseOutcome
{
    /// <summary>The lease was there and is gone now, durably.</summary>
    Released,

    /// <summary>Nobody holds the address any more: someone else released it before.</summary>
    AlreadyGone,

    /// <summary>The address was released and handed out anew, to another owner or to the same one again. It stays held.</summary>
    HeldByAnother,

    /// <summary>Others changed the same block at every try. The lease is still there.</summary>
    GaveUp,
}
