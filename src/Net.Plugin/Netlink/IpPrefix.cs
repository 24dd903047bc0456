using System.Globalization;
using System.Net;

namespace Net.Plugin.Netlink;

/// <summary>An address with a prefix length; bits below the prefix may be set, as in an interface's <c>10.1.2.2/24</c>.</summary>
internal readonly record struct IpPrefix(IPAddress Address, int Length)
{
    // RFC 3021: both addresses of a /31 are hosts'.
    private const int LongestWithEdges = 30;

    public IpFamily Family => Address.Family();

    /// <summary>Whether it is a single address: /32 or /128.</summary>
    public bool IsHost => Length == Family.Bits();

    /// <summary>The same prefix with the bits below it cleared.</summary>
    public IpPrefix Network => new(WithHostBits(0), Length);

    /// <summary>The highest address of the prefix: for IPv4 the broadcast address.</summary>
    public IPAddress Last => WithHostBits(0xff);

    /// <summary>Whether the address is in the prefix.</summary>
    public bool Contains(IPAddress address) => address.Family() == Family && new IpPrefix(address, Length).Network.Address.Equals(Network.Address);

    /// <summary>Whether it is one of the two IPv4 addresses that stand for the whole prefix: the first and the last of at least four.</summary>
    public bool IsEdge(IPAddress address) =>
        Family == IpFamily.V4 && Length <= LongestWithEdges && (address.Equals(Network.Address) || address.Equals(Last));

    /// <summary>The address alone, as a prefix of full length.</summary>
    public static IpPrefix Host(IPAddress address) => new(address, address.Family().Bits());

    /// <summary>0.0.0.0/0 or ::/0.</summary>
    public static IpPrefix Everything(IpFamily family) => new(family.Unspecified(), 0);

    /// <exception cref="FormatException">Not <c>address/length</c>.</exception>
    public static IpPrefix Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !IPAddress.TryParse(text.AsSpan(0, slash), out var address)
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length > address.Family().Bits())
            throw new FormatException($"'{text}' is no prefix; write it like 10.1.2.0/24 or 2001:db8::/64");
        return new IpPrefix(address, length);
    }

    public override string ToString() => $"{Address}/{Length}";

    private IPAddress WithHostBits(byte fill)
    {
        Span<byte> bytes = stackalloc byte[Family.Bits() / 8];
        Address.TryWriteBytes(bytes, out _);
        for (var i = 0; i < bytes.Length; i++)
        {
            var mask = (byte)(0xff << (8 - Math.Clamp(Length - 8 * i, 0, 8)));
            bytes[i] = (byte)((bytes[i] & mask) | (fill & ~mask));
        }
        return new IPAddress(bytes);
    }
}

/// <summary>Address families by the numbers of the Linux kernel (which .NET's AddressFamily doesn't use).</summary>
internal enum IpFamily : byte
{
    Any = 0,
    V4 = 2,
    V6 = 10,
}
