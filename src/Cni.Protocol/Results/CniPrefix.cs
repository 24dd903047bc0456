using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Cni.Protocol;

/// <summary>An address with a prefix length; bits behind the prefix are kept (<c>10.1.2.2/24</c>).</summary>
/// <param name="Address">The address, without a scope id.</param>
/// <param name="Length">0 to 32, or 0 to 128.</param>
public readonly record struct CniPrefix(IPAddress Address, int Length)
{
    // Before the IPv4 address in ::ffff:0:0/96 (RFC 4291, section 2.5.5.2).
    private const int MappedBits = 96;

    /// <summary>Whether it is an IPv4 prefix.</summary>
    public bool IsV4 => Address.AddressFamily == AddressFamily.InterNetwork;

    /// <summary>
    /// Reads <c>address/length</c>; false for anything else, a missing length included. <c>::ffff:10.1.0.5/120</c> is 10.1.0.5/24; a shorter
    /// prefix of such an address, which would have others in it, is nothing.
    /// </summary>
    public static bool TryParse(string text, out CniPrefix prefix)
    {
        prefix = default;
        var slash = text.IndexOf('/');
        if (slash < 0 || CniAddress.TryParse(text.AsSpan(0, slash)) is not { } address)
            return false;
        var digits = text.AsSpan(slash + 1);
        if (digits.Length > 3 || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
            return false;
        // An IPv4 address that was written with colons.
        if (address.AddressFamily == AddressFamily.InterNetwork && text.Contains(':'))
            length -= MappedBits;
        prefix = new CniPrefix(address, length);
        return length >= 0 && length <= (prefix.IsV4 ? 32 : 128);
    }

    /// <summary><c>address/length</c>, the address as RFC 5952 wants it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{CniAddress.Format(Address)}/{Length}");
}
