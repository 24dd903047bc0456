using System.Numerics;

namespace Ipam.Core.Blocks;

/// <summary>
/// A change of one block. The store writes it only if the block still has the version that the change was made from. The change need not
/// add or end a lease: a new <see cref="Blocks.Block.LastSequence"/> alone is written too, and gives the block another version.
/// </summary>
/// <param name="Block">
/// The block after the change. Its <see cref="Blocks.Block.Version"/> is the version that the block must have in the store before the change;
/// 0 if the store must not have the block yet.
/// </param>
/// <param name="Added">The leases that the change adds.</param>
/// <param name="Ended">The leases that the change ends, and why. One address may be in both lists, with different leases.</param>
/// <param name="Delete">Whether the store deletes the block. The block then holds no lease.</param>
public sealed record BlockChange(Block Block, IReadOnlyList<Lease> Added, IReadOnlyList<EndedLease> Ended, bool Delete = false)
{
    /// <summary>
    /// Which addresses of the block the added leases may have just as well, one bit for each; 0 for none but their own. A change that only adds leases may
    /// so be placed beside what others wrote.
    /// </summary>
    public ulong Elsewhere { get; init; }

    /// <summary>
    /// Whether no change of the block is placed any more that was made before this one: one whose leases have sequences up to the block's last one now. Such a
    /// change may be on its way although its request was given up.
    /// </summary>
    public bool IsFence { get; init; }

    /// <summary>Why the added leases begin, if the leases themselves don't tell: see <see cref="WhyBegun"/>.</summary>
    public BeginReason? Origin { get; init; }

    /// <summary>Why one of the added leases begins, and by whom.</summary>
    public BeginReason WhyBegun(Lease added)
    {
        if (Origin is { } origin)
            return origin;
        var (cause, by) = (added.Owner.IsConflict ? BeginCause.Conflict : added.Owner.IsStatic ? BeginCause.Static : BeginCause.Add, added.Node);
        for (var i = 0; cause == BeginCause.Add && i < Ended.Count; i++)
        {
            var (former, reason) = Ended[i];
            if (former.Address != added.Address)
                continue;
            if (former.Owner == added.Owner)
                cause = BeginCause.Renewed;
            else if (added.Owner.IsKept)
                (cause, by) = (BeginCause.Kept, reason.By);
            else if (reason.Cause == ReleaseCause.Replaced)
                cause = BeginCause.Moved;
        }
        return new BeginReason(cause, by);
    }

    /// <summary>
    /// The change made from the block as it is now: its leases have the lowest of the addresses that they may have, are free and don't cool down, and sequences that
    /// go on from the block's. Null if there are too few of these, the block belongs to a node, or one of the owners holds a lease there for the same entry.
    /// </summary>
    /// <param name="current">The block as the store has it.</param>
    public BlockChange? PlacedIn(Block current)
    {
        var free = Elsewhere & ~(current.Held | current.CoolingBits);
        if (Added.Count == 0 || Ended.Count > 0 || Delete || BitOperations.PopCount(free) < Added.Count || Block.Node is not null || current.Node is not null)
            return null;
        var block = current;
        var added = new Lease[Added.Count];
        for (var i = 0; i < added.Length; i++, free &= free - 1)
        {
            var lease = Added[i];
            if (current.Leases.Any(other => other.Owner == lease.Owner && other.Entry == lease.Entry))
                return null;
            added[i] = lease with
            {
                Address = Block.Id.AddressAt(BitOperations.TrailingZeroCount(free)),
                Sequence = Math.Max(lease.Sequence, block.LastSequence + 1),
            };
            block = block.Take(added[i]);
        }
        return new BlockChange(block, added, []) { Elsewhere = Elsewhere, Origin = Origin };
    }

    /// <summary>The end of leases of a node that is gone, which <paramref name="block"/> must hold. What its containers had of sticky owners stays theirs.</summary>
    /// <param name="block">The block.</param>
    /// <param name="leases">The leases, and why they end.</param>
    /// <param name="now">The time of day.</param>
    public static BlockChange EndWithNode(Block block, IReadOnlyList<EndedLease> leases, DateTimeOffset now)
    {
        List<Lease> kept = [];
        foreach (var lease in leases.Select(static end => end.Lease))
        {
            if (lease.Kept(now, node: "") is { } next)
            {
                kept.Add(next with { Sequence = block.NextSequence(now) });
                block = block.GiveBack(lease).Take(kept[^1]) with { LastOffset = block.LastOffset };
            }
            else
            {
                block = block.Release(lease, now);
            }
        }
        return new BlockChange(block, kept, leases);
    }

    /// <summary>The release of one lease of <paramref name="block"/>, which must hold it. If the block is empty afterwards, it stays.</summary>
    public static BlockChange Release(Block block, Lease lease, ReleaseReason reason, DateTimeOffset now) =>
        new(block.Release(lease, now), [], [new EndedLease(lease, reason)]);
}

/// <summary>A lease that ends.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="Reason">Why it ends, and by whom.</param>
public sealed record EndedLease(Lease Lease, ReleaseReason Reason);
