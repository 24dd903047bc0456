using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using IpamSuite.Shared;

namespace Ipam.Core.Addresses;

/// <summary>
/// An IPv4 or IPv6 address as an integer. Ordered by family, then by value. It is kept in two words: what has a <see cref="UInt128"/> in it isn't compiled ahead of
/// time, so that each start of a program would compile everything that holds an address.
/// </summary>
public readonly record struct Address : IComparable<Address>
{
    /// <summary>An address by its integer.</summary>
    /// <param name="family">The family.</param>
    /// <param name="value">The address, most significant bit first; below 2^32 for IPv4.</param>
    public Address(IpFamily family, UInt128 value) : this(family, (ulong)(value >> 64), (ulong)value)
    {
    }

    /// <summary>An address by the two halves of its integer.</summary>
    /// <param name="family">The family.</param>
    /// <param name="upper">The upper 64 bits; 0 for IPv4.</param>
    /// <param name="lower">The lower 64 bits; below 2^32 for IPv4.</param>
    public Address(IpFamily family, ulong upper, ulong lower) => (Family, Upper, Lower) = (family, upper, lower);

    /// <summary>The family.</summary>
    public IpFamily Family { get; init; }

    /// <summary>The address, most significant bit first; below 2^32 for IPv4.</summary>
    public UInt128 Value
    {
        get => new(Upper, Lower);
        init => (Upper, Lower) = ((ulong)(value >> 64), (ulong)value);
    }

    /// <summary>The upper 64 bits of <see cref="Value"/>.</summary>
    public ulong Upper { get; private init; }

    /// <summary>The lower 64 bits of <see cref="Value"/>.</summary>
    public ulong Lower { get; private init; }

    /// <summary>Bits of an address of this family: 32 or 128.</summary>
    public int Bits => Family == IpFamily.V4 ? 32 : 128;

    /// <summary>
    /// Whether the address can be that of a host on a network: it is not unspecified (0.0.0.0/8, ::), loopback (127.0.0.0/8, ::1), multicast (224.0.0.0/4, ff00::/8) or
    /// the broadcast address (255.255.255.255). RFC 1122, section 3.2.1.3; RFC 4291, sections 2.5 and 2.7.
    /// </summary>
    public bool IsOneHost => Family == IpFamily.V4
        ? (uint)(Lower >> 24) is not (0 or 127 or (>= 224 and < 240)) && Lower != uint.MaxValue
        : (Upper != 0 || Lower > 1) && Upper >> 56 != 0xff;

    /// <summary>Whether all bits are zero: 0.0.0.0 or ::.</summary>
    public bool IsUnspecified => (Upper | Lower) == 0;

    /// <summary>The largest value an address of <paramref name="family"/> can have.</summary>
    public static UInt128 MaxValue(IpFamily family) => family == IpFamily.V4 ? uint.MaxValue : UInt128.MaxValue;

    /// <summary>
    /// Reads a dotted quad (no leading zeros, RFC 6943 section 3.1.1) or IPv6 text (RFC 4291 section 2.2, no zone). An IPv4-mapped
    /// address counts as the IPv4 address, as everywhere in the CNI world.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Address address)
    {
        address = default;
        if (string.IsNullOrEmpty(text) || text.Length > 45)
            return false;
        if (!text.Contains(':', StringComparison.Ordinal))
            return TryParseDottedQuad(text, out address);
        if (text.AsSpan().ContainsAny("%[]/") || !IPAddress.TryParse(text, out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6)
            return false;
        // The framework lets zeros lead in ::1.2.3.04.
        if (text.Contains('.', StringComparison.Ordinal) && !TryParseDottedQuad(text.AsSpan(text.LastIndexOf(':') + 1), out _))
            return false;

        Span<byte> bytes = stackalloc byte[16];
        parsed.TryWriteBytes(bytes, out _);
        address = Read(parsed.IsIPv4MappedToIPv6 ? bytes[12..] : bytes);
        return true;
    }

    /// <summary>Reads an address; see <see cref="TryParse"/>.</summary>
    /// <exception cref="FormatException">The text is no address.</exception>
    public static Address Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an IP address");

    /// <summary>The address in 4 or 16 bytes, the most significant first.</summary>
    public static Address Read(ReadOnlySpan<byte> bytes) => bytes.Length == 4
        ? new Address(IpFamily.V4, 0, BinaryPrimitives.ReadUInt32BigEndian(bytes))
        : new Address(IpFamily.V6, BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    /// <summary>Writes its 4 or 16 bytes, the most significant first, and returns how many.</summary>
    public int Write(Span<byte> to)
    {
        if (Family == IpFamily.V4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(to, (uint)Lower);
            return 4;
        }
        BinaryPrimitives.WriteUInt64BigEndian(to, Upper);
        BinaryPrimitives.WriteUInt64BigEndian(to[8..], Lower);
        return 16;
    }

    /// <inheritdoc/>
    public int CompareTo(Address other) =>
        Family != other.Family ? ((byte)Family).CompareTo((byte)other.Family)
        : Upper != other.Upper ? Upper.CompareTo(other.Upper)
        : Lower.CompareTo(other.Lower);

    /// <inheritdoc/>
    public bool Equals(Address other) => Lower == other.Lower && Upper == other.Upper && Family == other.Family;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Lower, Upper);

    /// <summary>Whether <paramref name="left"/> comes before <paramref name="right"/>.</summary>
    public static bool operator <(Address left, Address right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> comes after <paramref name="right"/>.</summary>
    public static bool operator >(Address left, Address right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> doesn't come after <paramref name="right"/>.</summary>
    public static bool operator <=(Address left, Address right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> doesn't come before <paramref name="right"/>.</summary>
    public static bool operator >=(Address left, Address right) => left.CompareTo(right) >= 0;

    /// <summary>Dotted quad, or IPv6 text as RFC 5952 wants it.</summary>
    public override string ToString() => Family == IpFamily.V4 ? AddressText.FormatV4((uint)Lower) : AddressText.FormatV6(Upper, Lower);

    private static bool TryParseDottedQuad(ReadOnlySpan<char> text, out Address address)
    {
        address = default;
        uint value = 0;
        var octets = 0;
        foreach (var part in text.Split('.'))
        {
            var digits = text[part];
            if (++octets > 4 || digits.Length is 0 or > 3 || (digits.Length > 1 && digits[0] == '0') || digits.ContainsAnyExceptInRange('0', '9'))
                return false;
            var octet = uint.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
            if (octet > 255)
                return false;
            value = (value << 8) | octet;
        }
        address = new Address(IpFamily.V4, 0, value);
        return octets == 4;
    }
}

/// <summary>The two families of addresses.</summary>
public enum IpFamily : byte
{
    /// <summary>32-bit addresses.</summary>
    V4 = 4,

    /// <summary>128-bit addresses.</summary>
    V6 = 6,
}
