using System.CommandLine;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Catalog;

/// <summary>What is said of pools and reservations in several commands.</summary>
internal static class CatalogText
{
    /// <summary>The argument NAME.</summary>
    public static Argument<string> Name(string kind) => new("NAME") { Description = $"The name of the {kind}." };

    /// <summary>That there is no pool of that name, or that it is damaged.</summary>
    public static string NoPool(IIpamStore store, PoolCatalog catalog, string name) => None(store, catalog.FindDamagedPool(name), "pool", name);

    /// <summary>That there is no reservation of that name, or that it is damaged.</summary>
    public static string NoReservation(IIpamStore store, PoolCatalog catalog, string name) => None(store, catalog.FindDamagedReservation(name), "reservation", name);

    private static string None(IIpamStore store, DamagedEntry? damaged, string kind, string name) => damaged?.Why ??
        $"there is no {kind} '{name}' in {store.Description}; 'ipamctl {kind} list' shows those that there are.";
}
