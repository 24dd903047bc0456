using System.Numerics;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;

namespace Ipam.Core.Ledger;

/// <summary>
/// Where one range has free addresses. It keeps four sets of blocks: those that give nothing now, because they are full or have to be read first; the
/// node's own that have room; those to be read first that have room; and those that exist. It also keeps the address handed out last, and counts. It reads blocks through a function, and it is told of every change of a block. Not
/// thread-safe.
/// </summary>
internal sealed class RangeView
{
    /// <summary>How far <see cref="StepAside"/> goes at most. A range is to fill from its start on, more or less.</summary>
    private const int BlocksAside = 32;

    private readonly BlockOrdinals _ordinals;
    private readonly SparseBitSet _full = new();
    private readonly SparseIndex _ownWithRoom = new();
    private readonly SparseIndex _unreadWithRoom = new();
    private readonly SparseBitSet _claimed = new();
    private long _held, _cooling, _setAside;

    public RangeView(IntervalSet addresses)
    {
        Addresses = addresses;
        _ordinals = new BlockOrdinals(addresses);
    }

    public IntervalSet Addresses { get; }

    /// <summary>How many addresses are held. May be read by any thread, as may the other counts.</summary>
    public long Held => Volatile.Read(ref _held);

    /// <summary>How many other addresses are cooling down.</summary>
    public long Cooling => Volatile.Read(ref _cooling);

    /// <summary>How many addresses are in damaged blocks.</summary>
    public long SetAside => Volatile.Read(ref _setAside);

    /// <summary>The address after which the order <c>next</c> goes on: the one of this range handed out last; null for none yet.</summary>
    public UInt128? Cursor { get; set; }

    /// <summary>Tells the view who owns a block, and which of its addresses can't be handed out now.</summary>
    public void Observe(UInt128 blockIndex, ulong taken, BlockOwnership ownership)
    {
        if (!_ordinals.TryGetOrdinal(blockIndex, out var ordinal))
            return;
        var hasRoom = (Addresses.MaskOf(blockIndex) & ~taken) != 0;
        _full.Set(ordinal, !hasRoom || ownership == BlockOwnership.Unread);
        _claimed.Set(ordinal, ownership != BlockOwnership.Unclaimed);
        _ownWithRoom.Set(ordinal, hasRoom && ownership == BlockOwnership.Own);
        _unreadWithRoom.Set(ordinal, hasRoom && ownership == BlockOwnership.Unread);
    }

    /// <summary>Counts a block that was counted otherwise before.</summary>
    public void Count(UInt128 blockIndex, BlockCounts before, BlockCounts now)
    {
        if (before == now || Addresses.MaskOf(blockIndex) is not (> 0 and var mask))
            return;
        Volatile.Write(ref _held, _held + BitOperations.PopCount(now.Held & mask) - BitOperations.PopCount(before.Held & mask));
        Volatile.Write(ref _cooling, _cooling + BitOperations.PopCount(now.Cooling & mask) - BitOperations.PopCount(before.Cooling & mask));
        Volatile.Write(ref _setAside, _setAside + BitOperations.PopCount(now.SetAside & mask) - BitOperations.PopCount(before.SetAside & mask));
    }

    /// <summary>Whether an unread block has free addresses.</summary>
    public bool HasUnreadRoom => _unreadWithRoom.TryNext(0, out _);

    /// <summary>
    /// Unread blocks that have free addresses, at most so many, from a place that is computed from <paramref name="home"/> on. Different homes give
    /// different places.
    /// </summary>
    public List<UInt128> UnreadWithRoom(ulong home, int most)
    {
        var found = new List<UInt128>();
        var start = _ordinals.Count == 0 ? 0 : home % _ordinals.Count;
        for (var from = start; found.Count < most && _unreadWithRoom.TryNext(from, out var ordinal); from = ordinal + 1)
            found.Add(_ordinals.BlockAt(ordinal));
        for (UInt128 from = 0; found.Count < most && _unreadWithRoom.TryNext(from, out var ordinal) && ordinal < start; from = ordinal + 1)
            found.Add(_ordinals.BlockAt(ordinal));
        return found;
    }

    /// <summary>The next free address in the given order.</summary>
    /// <param name="choice">The blocks to look at.</param>
    /// <param name="order">The order.</param>
    /// <param name="random">Where <see cref="AllocationOrder.Random"/> starts.</param>
    /// <param name="taken">Which addresses of a block can't be handed out now.</param>
    /// <param name="address">The address found.</param>
    /// <returns>False if no address is free.</returns>
    public bool TryFind(BlockChoice choice, AllocationOrder order, Random random, Func<UInt128, ulong> taken, out UInt128 address)
    {
        switch (order)
        {
            case AllocationOrder.Lowest:
                return TryFindFromOrdinal(choice, 0, taken, out address);
            case AllocationOrder.Random when _ordinals.Count > 0:
                return TryFindFromAddress(choice, RandomAddress(random), taken, out address);
            default:
                if (Cursor is not { } cursor || cursor == UInt128.MaxValue)
                    return TryFindFromOrdinal(choice, 0, taken, out address);
                return TryFindFromAddress(choice, cursor + 1, taken, out address);
        }
    }

    /// <summary>
    /// Lets the order <c>next</c> go on in one of the blocks that come next, as other nodes are at work in the one that it has come to. Which one is random, so that those who
    /// step aside at the same time don't meet again.
    /// </summary>
    public void StepAside(Random random)
    {
        if (_ordinals.Count == 0)
            return;
        var ordinal = Cursor is { } cursor ? _ordinals.OrdinalAtOrAfter(cursor >> BlockId.SizeBits) : 0;
        var first = _ordinals.BlockAt((ordinal + 1 + (uint)random.Next(BlocksAside)) % _ordinals.Count) << BlockId.SizeBits;
        Cursor = first == 0 ? null : first - 1;
    }

    /// <summary>The first free address after a place that is computed from <paramref name="home"/>. Different homes give different places.</summary>
    public bool TryFindFromHome(BlockChoice choice, ulong home, Func<UInt128, ulong> taken, out UInt128 address)
    {
        address = 0;
        return _ordinals.Count > 0 && TryFindFromOrdinalOn(choice, home % _ordinals.Count, taken, out address);
    }

    private bool TryFindFromAddress(BlockChoice choice, UInt128 start, Func<UInt128, ulong> taken, out UInt128 address)
    {
        var block = start >> BlockId.SizeBits;
        if (!_ordinals.TryGetOrdinal(block, out var ordinal))
            return TryFindFromOrdinalOn(choice, _ordinals.OrdinalAtOrAfter(block), taken, out address);
        var fromStart = ulong.MaxValue << (int)(start & (BlockId.Size - 1));
        if (TryNext(choice, ordinal, out var candidate) && candidate == ordinal && TryFindInBlock(block, taken, fromStart, out address))
            return true;
        return TryFindFromOrdinalOn(choice, ordinal + 1, taken, out address);
    }

    private bool TryFindFromOrdinalOn(BlockChoice choice, UInt128 from, Func<UInt128, ulong> taken, out UInt128 address) =>
        TryFindFromOrdinal(choice, from, taken, out address) || TryFindFromOrdinal(choice, 0, taken, out address);

    private bool TryFindFromOrdinal(BlockChoice choice, UInt128 from, Func<UInt128, ulong> taken, out UInt128 address)
    {
        address = 0;
        return TryNext(choice, from, out var ordinal) && TryFindInBlock(_ordinals.BlockAt(ordinal), taken, ulong.MaxValue, out address);
    }

    private bool TryNext(BlockChoice choice, UInt128 from, out UInt128 ordinal)
    {
        if (choice == BlockChoice.Own)
            return _ownWithRoom.TryNext(from, out ordinal);
        ordinal = (choice == BlockChoice.Unclaimed ? _claimed : _full).NextAbsent(from);
        return ordinal < _ordinals.Count;
    }

    private bool TryFindInBlock(UInt128 block, Func<UInt128, ulong> taken, ulong wanted, out UInt128 address)
    {
        var free = Addresses.MaskOf(block) & ~taken(block) & wanted;
        address = (block << BlockId.SizeBits) + (uint)BitOperations.TrailingZeroCount(free);
        return free != 0;
    }

    private UInt128 RandomAddress(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        var block = _ordinals.BlockAt(System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(bytes) % _ordinals.Count);
        return (block << BlockId.SizeBits) + (uint)random.Next(BlockId.Size);
    }
}

/// <summary>Which blocks of a range a search looks at.</summary>
internal enum BlockChoice
{
    /// <summary>All blocks that have free addresses, whoever owns them, and those that nobody owns.</summary>
    Any,

    /// <summary>This node's own blocks that have free addresses.</summary>
    Own,

    /// <summary>The blocks that nobody owns.</summary>
    Unclaimed,
}

/// <summary>Whose a block is, as a node sees it.</summary>
internal enum BlockOwnership
{
    /// <summary>The block isn't there.</summary>
    Unclaimed,

    /// <summary>The node's own.</summary>
    Own,

    /// <summary>Another node's, or one that all nodes share, or one that is damaged.</summary>
    Foreign,

    /// <summary>Another node's block of which only the summary is known. It must be read before an address can be taken from it.</summary>
    Unread,
}
