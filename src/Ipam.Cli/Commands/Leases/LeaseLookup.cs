using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Leases;

/// <summary>Finds the leases of one address.</summary>
internal static class LeaseLookup
{
    /// <summary>The leases of <paramref name="address"/> in a space, or in all if it is null, by space.</summary>
    public static async Task<IReadOnlyList<Lease>> FindAsync(
        IIpamStore store, Address address, string? space, CancellationToken cancellationToken)
    {
        var spaces = space is null ? await store.ListSpacesAsync(cancellationToken) : [space];
        var blocks = await store.ReadBlocksAsync(spaces.Select(name => BlockId.Of(name, address)).ToArray(), cancellationToken);
        return blocks
            .Select(block => block.LeaseOf(address))
            .OfType<Lease>()
            .OrderBy(static lease => lease.Space, StringComparer.Ordinal)
            .ToArray();
    }

    /// <summary>What to say if there is none.</summary>
    public static string NotFound(IIpamStore store, Address address, string? space)
    {
        var where = space is null ? "any space" : $"space '{space}'";
        return $"{address} is not held in {where} of {store.Description}; 'ipamctl lease list' shows what is.";
    }
}
