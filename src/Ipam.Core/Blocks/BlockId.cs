using Ipam.Core.Addresses;

namespace Ipam.Core.Blocks;

/// <summary>
/// The identity of a block: 64 aligned addresses of a space, a /26 or a /122. Every address inside determines it. So if two ranges overlap,
/// they share blocks there.
/// </summary>
public readonly record struct BlockId
{
    private readonly Address _first;

    /// <summary>A block by its number.</summary>
    /// <param name="space">The address space.</param>
    /// <param name="family">The family of its addresses.</param>
    /// <param name="index">The addresses' common upper bits: value / 64.</param>
    public BlockId(string space, IpFamily family, UInt128 index) : this(space, new Address(family, index << SizeBits))
    {
    }

    private BlockId(string space, Address first) => (Space, _first) = (space, first);

    /// <summary>The address space.</summary>
    public string Space { get; init; }

    /// <summary>The family of its addresses.</summary>
    public IpFamily Family
    {
        get => _first.Family;
        init => _first = _first with { Family = value };
    }

    /// <summary>The addresses' common upper bits: value / 64.</summary>
    public UInt128 Index
    {
        get => _first.Value >> SizeBits;
        init => _first = new Address(_first.Family, value << SizeBits);
    }

    /// <summary>Addresses in a block, which is the number of bits in its map.</summary>
    public const int Size = IntervalSet.MaskSize;

    /// <summary>log2 of <see cref="Size"/>.</summary>
    public const int SizeBits = IntervalSet.MaskSizeBits;

    /// <summary>The block that <paramref name="address"/> belongs to.</summary>
    public static BlockId Of(string space, Address address) =>
        new(space, new Address(address.Family, address.Upper, address.Lower & ~(Size - 1UL)));

    /// <summary>The place of <paramref name="address"/> in its block, 0 to 63.</summary>
    public static int OffsetOf(Address address) => (int)(address.Lower & (Size - 1));

    /// <summary>The address at <paramref name="offset"/>, 0 to 63.</summary>
    public Address AddressAt(int offset) => new(_first.Family, _first.Upper, _first.Lower + (uint)offset);

    /// <summary>The block as a prefix: a /26 or a /122.</summary>
    public Prefix Prefix => new(AddressAt(0), AddressAt(0).Bits - SizeBits);

    /// <inheritdoc/>
    public bool Equals(BlockId other) => _first.Equals(other._first) && Space == other.Space;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_first.GetHashCode(), Space is null ? 0 : string.GetHashCode(Space));

    /// <inheritdoc/>
    public override string ToString() => $"{Space} {Prefix}";
}
