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
        return new IPAddress(bytes[..address.Write(bytes)]);
    }

    /// <summary>The core's address.</summary>
    public static Address ToAddress(IPAddress address)
    {
        // An IPv4-mapped address is the IPv4 address, here as wherever the core reads one.
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return Address.Read(bytes[..length]);
    }
}
