using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Stores.Sqlite.Model;

/// <summary>
/// An address as a column: one byte for the family (4 or 6), then the address, most significant byte first. SQLite compares blobs
/// byte by byte, so they sort as addresses do.
/// </summary>
internal static class AddressBytes
{
    private const int V4Length = 5;
    private const int V6Length = 17;

    /// <summary>The block whose first address is in a column's value.</summary>
    /// <exception cref="InvalidDataException">The bytes are no address, or that of no block.</exception>
    public static BlockId ReadBlock(string space, ReadOnlySpan<byte> bytes)
    {
        var first = Read(bytes);
        return BlockId.OffsetOf(first) == 0
            ? BlockId.Of(space, first)
            : throw new InvalidDataException($"{first} is not the first address of a block");
    }

    /// <summary>The column's value for <paramref name="address"/>.</summary>
    public static byte[] Of(Address address)
    {
        var bytes = new byte[address.Family == IpFamily.V4 ? V4Length : V6Length];
        bytes[0] = (byte)address.Family;
        address.Write(bytes.AsSpan(1));
        return bytes;
    }

    /// <summary>The address in a column's value.</summary>
    /// <exception cref="InvalidDataException">The bytes are no address.</exception>
    public static Address Read(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [(byte)IpFamily.V4, .. var value] when bytes.Length == V4Length => Address.Read(value),
        [(byte)IpFamily.V6, .. var value] when bytes.Length == V6Length => Address.Read(value),
        _ => throw new InvalidDataException($"'{Convert.ToHexString(bytes)}' is not an address: a byte 04 or 06, then 4 or 16 bytes, were expected"),
    };
}
