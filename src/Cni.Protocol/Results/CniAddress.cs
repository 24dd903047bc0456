using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using IpamSuite.Shared;

namespace Cni.Protocol;

/// <summary>
/// The text of addresses. <see cref="IPAddress"/> alone reads too much (<c>1</c>, <c>010.0.0.1</c>, <c>[::1]:80</c>,
/// <c>fe80::1%eth0</c>) and writes some IPv6 addresses with dots.
/// </summary>
public static class CniAddress
{
    private static readonly SearchValues<char> V6Characters = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>
    /// Reads four decimal numbers with dots, without leading zeros, or an IPv6 address without a scope; null for anything else.
    /// <c>::ffff:10.1.0.5</c> is 10.1.0.5, as it is for the reference library and for ipamd.
    /// </summary>
    public static IPAddress? TryParse(ReadOnlySpan<char> text)
    {
        if (!text.Contains(':'))
            return TryParseV4(text, out var value) ? V4(value) : null;
        if (text.ContainsAnyExcept(V6Characters) || !IPAddress.TryParse(text, out var address))
            return null;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    /// <summary>Dotted IPv4, or IPv6 by RFC 5952 and never with dots.</summary>
    public static string Format(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? AddressText.FormatV4(BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : AddressText.FormatV6(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
    }

    private static IPAddress V4(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return new IPAddress(bytes);
    }

    private static bool TryParseV4(ReadOnlySpan<char> text, out uint value)
    {
        value = 0;
        var parts = 0;
        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            if (++parts > 4 || part.Length is 0 or > 3 || (part.Length > 1 && part[0] == '0'))
                return false;
            if (!byte.TryParse(part, System.Globalization.NumberStyles.None, null, out var octet))
                return false;
            value = (value << 8) | octet;
        }
        return parts == 4;
    }
}
