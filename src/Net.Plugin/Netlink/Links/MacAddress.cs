using System.Globalization;
using System.Net;
using Net.Plugin.Interop;

namespace Net.Plugin.Netlink.Links;

/// <summary>An Ethernet address of six bytes.</summary>
internal readonly record struct MacAddress
{
    public const int Size = 6;
    private const int TextLength = 3 * Size - 1;

    private readonly ulong _value;

    public MacAddress(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
            throw new ArgumentException($"an Ethernet address has {Size} bytes, not {bytes.Length}", nameof(bytes));
        foreach (var b in bytes)
            _value = _value << 8 | b;
    }

    /// <summary>A new address that nobody was given: random, unicast, locally administered (IEEE 802, the second lowest bit of the first byte).</summary>
    public static MacAddress Random()
    {
        Span<byte> bytes = stackalloc byte[Size];
        RandomBytes.Fill(bytes);
        bytes[0] = (byte)(bytes[0] & 0xfe | 0x02);
        return new MacAddress(bytes);
    }

    /// <summary>Reads <c>02:00:5e:10:00:01</c> or <c>02-00-5e-10-00-01</c>.</summary>
    public static bool TryParse(string text, out MacAddress address)
    {
        address = default;
        if (text.Length != TextLength)
            return false;
        Span<byte> bytes = stackalloc byte[Size];
        for (var i = 0; i < Size; i++)
        {
            if (i > 0 && (text[3 * i - 1] is not (':' or '-') || text[3 * i - 1] != text[2]))
                return false;
            if (!byte.TryParse(text.AsSpan(3 * i, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[i]))
                return false;
        }
        address = new MacAddress(bytes);
        return true;
    }

    public void CopyTo(Span<byte> bytes)
    {
        for (var i = 0; i < Size; i++)
            bytes[i] = (byte)(_value >> (8 * (Size - 1 - i)));
    }

    /// <summary>The IPv6 link-local address that is made of it (RFC 4291, appendix A).</summary>
    public IPAddress ToLinkLocal()
    {
        Span<byte> mac = stackalloc byte[Size];
        CopyTo(mac);
        return new IPAddress([0xfe, 0x80, 0, 0, 0, 0, 0, 0, (byte)(mac[0] ^ 0x02), mac[1], mac[2], 0xff, 0xfe, mac[3], mac[4], mac[5]]);
    }

    /// <summary>Lower case with colons, as <c>ip link</c> prints it.</summary>
    public override string ToString()
    {
        Span<byte> b = stackalloc byte[Size];
        CopyTo(b);
        return $"{b[0]:x2}:{b[1]:x2}:{b[2]:x2}:{b[3]:x2}:{b[4]:x2}:{b[5]:x2}";
    }
}
