using System.Numerics;
using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;

namespace Ipam.Core.Ranges;

/// <summary>
/// Where in one range there is room: a bit per full block, and the address handed out last. It looks at blocks through a function and is
/// told of every change of one. Not thread-safe.
/// </summary>
internal sealed class RangeView
{
    private readonly BlockOrdinals _ordinals;
    private readonly SparseBitSet _full = new();

    public RangeView(IntervalSet addresses)
    {
        Addresses = addresses;
        _ordinals = new BlockOrdinals(addresses);
    }

    public IntervalSet Addresses { get; }

    /// <summary>The address of this range handed out last; null for none yet.</summary>
    public UInt128? Cursor { get; set; }

    /// <summary>Tells which addresses of a block are not to be had now.</summary>
    public void Observe(UInt128 blockIndex, ulong taken)
    {
        if (!_ordinals.TryGetOrdinal(blockIndex, out var ordinal))
            return;
        if ((Addresses.MaskOf(blockIndex) & ~taken) == 0)
            _full.Add(ordinal);
        else
            _full.Remove(ordinal);
    }

    /// <summary>The next free address in the given order.</summary>
    /// <param name="order">The order.</param>
    /// <param name="random">Where <see cref="AllocationOrder.Random"/> starts.</param>
    /// <param name="taken">Which addresses of a block are not to be had now.</param>
    /// <param name="address">The address found.</param>
    /// <returns>False if no address is free.</returns>
    public bool TryFind(AllocationOrder order, Random random, Func<UInt128, ulong> taken, out UInt128 address)
    {
        switch (order)
        {
            case AllocationOrder.Lowest:
                return TryFindFromOrdinal(0, taken, out address);
            case AllocationOrder.Random when _ordinals.Count > 0:
                return TryFindFromAddress(RandomAddress(random), taken, out address);
            default:
                if (Cursor is not { } cursor || cursor == UInt128.MaxValue)
                    return TryFindFromOrdinal(0, taken, out address);
                return TryFindFromAddress(cursor + 1, taken, out address);
        }
    }

    /// <summary>Whether an address is free.</summary>
    public bool HasRoom(Func<UInt128, ulong> taken) => TryFindFromOrdinal(0, taken, out _);

    private bool TryFindFromAddress(UInt128 start, Func<UInt128, ulong> taken, out UInt128 address)
    {
        var block = start >> BlockId.SizeBits;
        if (_ordinals.TryGetOrdinal(block, out var ordinal))
        {
            var fromStart = ulong.MaxValue << (int)(start & (BlockId.Size - 1));
            if (TryFindInBlock(block, taken, fromStart, out address))
                return true;
            ordinal++;
        }
        else
        {
            ordinal = _ordinals.OrdinalAtOrAfter(block);
        }
        return TryFindFromOrdinal(ordinal, taken, out address) || TryFindFromOrdinal(0, taken, out address);
    }

    private bool TryFindFromOrdinal(UInt128 from, Func<UInt128, ulong> taken, out UInt128 address)
    {
        address = 0;
        var ordinal = _full.NextAbsent(from);
        return ordinal < _ordinals.Count && TryFindInBlock(_ordinals.BlockAt(ordinal), taken, ulong.MaxValue, out address);
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
