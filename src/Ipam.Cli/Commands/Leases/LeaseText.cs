using Ipam.Core.Addresses;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Leases;

/// <summary>What is said of leases in several commands.</summary>
internal static class LeaseText
{
    /// <summary>That an address has no lease in a space, or in any if it is null.</summary>
    public static string NotHeld(IIpamStore store, Address address, string? space) =>
        $"{address} is not held in {Where(store, space)}; 'ipamctl lease list' shows what is.";

    /// <summary>That no pod and no container of a name has a lease.</summary>
    public static string HoldsNothing(IIpamStore store, string whose, string? space) =>
        $"'{whose}' is no address, and no pod of that name and no container whose id begins so holds one in {Where(store, space)}; 'ipamctl lease list' shows who does.";

    private static string Where(IIpamStore store, string? space) => $"{(space is null ? "any space" : $"space '{space}'")} of {store.Description}";
}
