using Ipam.Core.Addresses;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Leases;

/// <summary>What is said of leases in several commands.</summary>
internal static class LeaseText
{
    /// <summary>That an address has no lease in a space, or in any if it is null.</summary>
    public static string NotHeld(IIpamStore store, Address address, string? space)
    {
        var where = space is null ? "any space" : $"space '{space}'";
        return $"{address} is not held in {where} of {store.Description}; 'ipamctl lease list' shows what is.";
    }
}
