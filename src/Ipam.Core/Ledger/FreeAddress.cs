using System.Numerics;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;

namespace Ipam.Core.Ledger;

/// <summary>
/// Finds a free address of a range, as the range's policy says. With affinity it looks in the node's own blocks, then in a block that nobody
/// owns, then in any other block. Not thread-safe.
/// </summary>
internal sealed class FreeAddress(AddressLedger ledger, string node, Random random)
{
    /// <summary>Where this node starts to look for a block that nobody owns. A hash (FNV-1a, 64 bits), so that different nodes start at different places.</summary>
    private readonly ulong _home = Hash(node);

    /// <summary>The next address of a range that may be handed out; null if there is none.</summary>
    public Address? In(string spaceName, AllocationRange range)
    {
        var space = ledger.Space(spaceName);
        var family = range.Allocatable.Family;
        ulong Taken(UInt128 index) => space.Taken(family, index);

        var view = space.ViewOf(range.Allocatable);
        var order = range.Policy.Order;
        UInt128 value;
        if (range.Policy.Affinity != BlockAffinity.Node)
            return view.TryFind(BlockChoice.Any, order, random, Taken, out value) ? new Address(family, value) : null;
        if (view.TryFind(BlockChoice.Own, order, random, Taken, out value) || view.TryFindFromHome(BlockChoice.Unclaimed, _home, Taken, out value))
            return new Address(family, value);
        if (range.Policy.KeepsToOwnBlocks)
            return InAbandoned(space, range);
        return view.TryFindFromHome(BlockChoice.Any, _home, Taken, out value) ? new Address(family, value) : null;
    }

    /// <summary>Whether a range without a free address may have one in unread blocks.</summary>
    public bool MayBeElsewhere(string spaceName, AllocationRange range) =>
        !range.Policy.KeepsToOwnBlocks && ledger.Space(spaceName).ViewOf(range.Allocatable).HasUnreadRoom;

    /// <summary>
    /// Unread blocks, at most so many, that may have a free address of a range: to be read first. They begin at a place of this node's own, so that nodes that
    /// look at the same time don't all look at the same blocks.
    /// </summary>
    public List<BlockId> Candidates(string spaceName, AllocationRange range, int most)
    {
        var space = ledger.Space(spaceName);
        var addresses = range.Allocatable;
        return range.Policy.KeepsToOwnBlocks
            ? [.. space.Blocks.Where(block => block is { IsUnread: true, Held: 0 } && block.Id.Family == addresses.Family && addresses.MaskOf(block.Id.Index) != 0)
                .Select(static block => block.Id).Take(most)]
            : [.. space.ViewOf(addresses).UnreadWithRoom(_home, most).Select(index => new BlockId(spaceName, addresses.Family, index))];
    }

    /// <summary>
    /// The address of these ranges whose cooldown ends first, among those that the range's policy allows to hand out when no other is left.
    /// </summary>
    public (AllocationRange Range, Address Address)? Cooling(string spaceName, IReadOnlyList<AllocationRange> ranges, DateTimeOffset now)
    {
        (AllocationRange, Address)? found = null;
        var until = DateTimeOffset.MaxValue;
        var space = ledger.Space(spaceName);
        // Whoever asks in vain for a full range comes here: nothing is searched where nothing cools down.
        var candidates = ranges.Where(range => space.ViewOf(range.Allocatable).Cooling > 0).ToList();
        foreach (var block in candidates.Count == 0 ? [] : space.Blocks)
        {
            foreach (var range in candidates)
            {
                if (block.Cooling == 0 || block.Id.Family != range.Allocatable.Family || block.IsUnread || !IsOpen(block, range.Policy))
                    continue;
                if (block.FirstToCoolDown(range.Allocatable.MaskOf(block.Id.Index) & ~block.Held, range.Policy.ReusesAfter(now)) is not { } cooling || cooling.Until >= until)
                    continue;
                until = cooling.Until;
                found = (range, block.Id.AddressAt(cooling.Offset));
            }
        }
        return found;
    }

    /// <summary>How many addresses of a range are free in blocks that its policy keeps this node from.</summary>
    public long KeptFrom(string spaceName, AllocationRange range)
    {
        if (!range.Policy.KeepsToOwnBlocks)
            return 0;
        var count = 0L;
        foreach (var block in ledger.Space(spaceName).Blocks)
        {
            if (block.IsClaimed && !IsOpen(block, range.Policy) && block.Id.Family == range.Allocatable.Family)
                count += BitOperations.PopCount(range.Allocatable.MaskOf(block.Id.Index) & ~block.Unavailable);
        }
        return count;
    }

    private bool IsOpen(LedgerBlock block, AllocationPolicy policy) => !policy.KeepsToOwnBlocks || block.Node == node;

    /// <summary>An address in an empty block of another node. This node may claim such a block.</summary>
    private static Address? InAbandoned(SpaceLedger space, AllocationRange range)
    {
        foreach (var block in space.Blocks)
        {
            if (block.IsUnread || block.Taken != 0 || block.Id.Family != range.Allocatable.Family)
                continue;
            var mask = range.Allocatable.MaskOf(block.Id.Index);
            if (mask != 0)
                return block.Id.AddressAt(BitOperations.TrailingZeroCount(mask));
        }
        return null;
    }

    private static ulong Hash(string text)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var c in text)
            hash = (hash ^ c) * 1_099_511_628_211UL;
        // Names often differ only in the last character. The mixer of MurmurHash3 makes every bit depend on all other bits. Without it, nodes
        // with such names would start close to each other, and soon run into each other's blocks.
        hash = (hash ^ (hash >> 33)) * 0xff51_afd7_ed55_8ccd;
        hash = (hash ^ (hash >> 33)) * 0xc4ce_b9fe_1a85_ec53;
        return hash ^ (hash >> 33);
    }
}
