using System.Globalization;
using System.Text;
using Ipam.Core.Addresses;
using Ipam.Stores.Redis.Requests;

namespace Ipam.Stores.Redis.Keys;

/// <summary>An address as a field or a member: 4 and eight hexadecimal digits, or 6 and 32. As texts they sort as the addresses do.</summary>
internal static class AddressKey
{
    /// <summary>Writes the key of an address. That of a block is that of its first address.</summary>
    public static void Write(Address address, Request to)
    {
        if (address.Family == IpFamily.V4)
        {
            to.Write("4"u8);
            to.Write((uint)address.Lower, "x8");
        }
        else
        {
            to.Write("6"u8);
            to.Write(address.Value, "x32");
        }
    }

    /// <summary>The address of a key.</summary>
    /// <exception cref="InvalidDataException">It is no key of an address.</exception>
    public static Address Read(ReadOnlySpan<byte> key)
    {
        var digits = key[Math.Min(1, key.Length)..];
        if (UInt128.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            if (key[0] == '4' && digits.Length == 8)
                return new Address(IpFamily.V4, value);
            if (key[0] == '6' && digits.Length == 32)
                return new Address(IpFamily.V6, value);
        }
        throw new InvalidDataException($"'{Encoding.UTF8.GetString(key)}' is not an address: 4 and 8 hexadecimal digits or 6 and 32 were expected");
    }
}
