using Ipam.Core.Addresses;

namespace Ipam.Core.Blocks;

/// <summary>
/// The identity of a block: 64 aligned addresses of a space, a /26 or a /122. Every address inside determines it. So if two ranges overlap,
/// they share blocks there.
/// </summary>
/// <param name="Space">The address space.</param>
/// <param name="Family">The family of its addresses.</param>
/// <param name="Index">The addresses' common upper bits: value / 64.</param>
public readonly record struct BlockId(string Space, IpFamily Family, UInt128 Index)
{
    /// <summary>Addresses in a block, which is the number of bits in its map.</summary>
    public const int Size = IntervalSet.MaskSize;

    /// <summary>log2 of <see cref="Size"/>.</summary>
    public const int SizeBits = IntervalSet.MaskSizeBits;

    /// <summary>The block that <paramref name="address"/> belongs to.</summary>
    public static BlockId Of(string space, Address address) => new(space, address.Family, address.Value >> SizeBits);

    /// <summary>The place of <paramref name="address"/> in its block, 0 to 63.</summary>
    public static int OffsetOf(Address address) => (int)(address.Value & (Size - 1));

    /// <summary>The address at <paramref name="offset"/>, 0 to 63.</summary>
    public Address AddressAt(int offset) => new(Family, (Index << SizeBits) + (uint)offset);

    /// <summary>The block as a prefix: a /26 or a /122.</summary>
    public Prefix Prefix => new(AddressAt(0), AddressAt(0).Bits - SizeBits);

    /// <inheritdoc/>
    public override string ToString() => $"{Space} {Prefix}";
}
