using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Cni.Protocol;

/// <summary>An address with a prefix length; bits behind the prefix are kept (<c>10.1.2.2/24</c>).</summary>
/// <param name="Address">The address, without a scope id.</param>
/// <param name="Length">0 to 32, or 0 to 128.</param>
public readonly record struct CniPrefix(IPAddress Address, int Length)
{
    /// <summary>Whether it is an IPv4 prefix.</summary>
    public bool IsV4 => Address.AddressFamily == AddressFamily.InterNetwork;

    /// <summary>Reads <c>address/length</c>; false for anything else, a missing length included.</summary>
    public static bool TryParse(string text, out CniPrefix prefix)
    {
        prefix = default;
        var slash = text.IndexOf('/');
        if (slash < 0 || CniAddress.TryParse(text.AsSpan(0, slash)) is not { } address)
            return false;
        var digits = text.AsSpan(slash + 1);
        if (digits.Length > 3 || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
            return false;
        prefix = new CniPrefix(address, length);
        return length <= (prefix.IsV4 ? 32 : 128);
    }

    /// <summary><c>address/length</c>, the address as RFC 5952 wants it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{CniAddress.Format(Address)}/{Length}");
}
