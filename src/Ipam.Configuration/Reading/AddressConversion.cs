using System.Buffers.Binary;
using System.Net;
using Ipam.Core.Addresses;

namespace Ipam.Configuration.Reading;

/// <summary>Between the protocol's addresses and the core's.</summary>
public static class AddressConversion
{
    /// <summary>The protocol's address.</summary>
    public static IPAddress ToIPAddress(Address address)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, address.Upper);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], address.Lower);
        return new IPAddress(address.Family == IpFamily.V4 ? bytes[12..] : bytes);
    }

    /// <summary>The core's address.</summary>
    public static Address ToAddress(IPAddress address)
    {
        // An IPv4-mapped address is the IPv4 address, here as wherever the core reads one.
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4
            ? new Address(IpFamily.V4, 0, BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : new Address(IpFamily.V6, BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
    }
}
