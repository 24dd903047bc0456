using System.Globalization;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Stores.Redis.Keys;

/// <summary>An address as a field or a member: 4 and eight hexadecimal digits, or 6 and 32. As texts they sort as the addresses do.</summary>
internal static class AddressKey
{
    /// <summary>The key of an address.</summary>
    public static string Of(Address address) => address.Family == IpFamily.V4
        ? string.Create(CultureInfo.InvariantCulture, $"4{(uint)address.Value:x8}")
        : string.Create(CultureInfo.InvariantCulture, $"6{(ulong)(address.Value >> 64):x16}{(ulong)address.Value:x16}");

    /// <summary>The key of a block, which is that of its first address.</summary>
    public static string Of(BlockId id) => Of(id.AddressAt(0));

    /// <summary>The address of a key.</summary>
    /// <exception cref="InvalidDataException">It is no key of an address.</exception>
    public static Address Read(string key)
    {
        var digits = key.AsSpan(Math.Min(1, key.Length));
        if (UInt128.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            if (key[0] == '4' && digits.Length == 8)
                return new Address(IpFamily.V4, value);
            if (key[0] == '6' && digits.Length == 32)
                return new Address(IpFamily.V6, value);
        }
        throw new InvalidDataException($"'{key}' is not an address: 4 and 8 hexadecimal digits or 6 and 32 were expected");
    }
}
