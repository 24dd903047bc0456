using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Ipam.Core.Addresses;

/// <summary>An address and a prefix length, as in CIDR notation. The address may have host bits; see <see cref="HasHostBits"/>.</summary>
/// <param name="Address">The address as given.</param>
/// <param name="Length">Length of the prefix in bits, 0 to the bits of the family.</param>
public readonly record struct Prefix(Address Address, int Length)
{
    /// <summary>Reads <c>ADDRESS/LENGTH</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Prefix prefix)
    {
        prefix = default;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 0 || !Address.TryParse(text![..slash], out var address))
            return false;
        var digits = text.AsSpan(slash + 1);
        if (digits.Length is 0 or > 3 || (digits.Length > 1 && digits[0] == '0')
            || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > address.Bits)
            return false;
        prefix = new Prefix(address, length);
        return true;
    }

    /// <summary>Reads <c>ADDRESS/LENGTH</c>.</summary>
    /// <exception cref="FormatException">The text is not in CIDR notation.</exception>
    public static Prefix Parse(string text) =>
        TryParse(text, out var prefix) ? prefix : throw new FormatException($"'{text}' is not in CIDR notation (ADDRESS/LENGTH)");

    /// <summary>The first address: all host bits zero.</summary>
    public Address First => Address with { Value = Address.Value & ~HostMask };

    /// <summary>The last address: all host bits one.</summary>
    public Address Last => Address with { Value = Address.Value | HostMask };

    /// <summary>Whether <see cref="Address"/> is not the first address of the prefix.</summary>
    public bool HasHostBits => (Address.Value & HostMask) != 0;

    /// <summary>Whether <paramref name="address"/> is of the same family and inside.</summary>
    public bool Contains(Address address) =>
        address.Family == Address.Family && (address.Value & ~HostMask) == (Address.Value & ~HostMask);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{Length}");

    private UInt128 HostMask
    {
        get
        {
            var hostBits = Address.Bits - Length;
            return hostBits == 128 ? UInt128.MaxValue : (UInt128.One << hostBits) - 1;
        }
    }
}
