using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace Net.Plugin.Netlink;

/// <summary>One attribute; its value is read as what the reader expects it to be, and refused if it can't be that.</summary>
internal readonly ref struct NetlinkAttribute(ushort type, ReadOnlySpan<byte> value)
{
    public ushort Type { get; } = type;

    public ReadOnlySpan<byte> Value { get; } = value;

    public byte Byte => Sized(sizeof(byte))[0];

    public uint UInt32 => MemoryMarshal.Read<uint>(Sized(sizeof(uint)));

    public int Int32 => MemoryMarshal.Read<int>(Sized(sizeof(int)));

    public uint UInt32BigEndian => BinaryPrimitives.ReadUInt32BigEndian(Sized(sizeof(uint)));

    public ulong UInt64BigEndian => BinaryPrimitives.ReadUInt64BigEndian(Sized(sizeof(ulong)));

    /// <summary>Text up to the final zero, or to the end where there is none.</summary>
    public string Text
    {
        get
        {
            var end = Value.IndexOf((byte)0);
            return Encoding.UTF8.GetString(end < 0 ? Value : Value[..end]);
        }
    }

    /// <summary>An IPv4 or IPv6 address, told apart by the length.</summary>
    public IPAddress Address => ToAddress(Value);

    /// <summary>An address after the two bytes of its family's number, as in <c>struct rtvia</c>.</summary>
    public IPAddress AddressAfterFamily => ToAddress(Value[Math.Min(sizeof(ushort), Value.Length)..]);

    public AttributeReader Nested => new(Value);

    private IPAddress ToAddress(ReadOnlySpan<byte> bytes) => bytes.Length is 4 or 16
        ? new IPAddress(bytes)
        : throw new MalformedMessageException($"attribute {Type} should be an address, it has {bytes.Length} bytes");

    private ReadOnlySpan<byte> Sized(int size) => Value.Length >= size
        ? Value[..size]
        : throw new MalformedMessageException($"attribute {Type} has {Value.Length} bytes, {size} are needed");
}
