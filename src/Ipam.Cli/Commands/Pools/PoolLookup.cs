using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Pools;

/// <summary>Finds a pool by its name.</summary>
internal static class PoolLookup
{
    public static Pool? Find(PoolCatalog catalog, string name) => catalog.Pools.FirstOrDefault(pool => pool.Name == name);

    /// <summary>What to say if there is none.</summary>
    public static string NotFound(IIpamStore store, string name) =>
        $"there is no pool '{name}' in {store.Description}; 'ipamctl pool list' shows those that there are.";
}
