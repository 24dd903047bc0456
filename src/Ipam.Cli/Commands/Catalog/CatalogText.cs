using System.CommandLine;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Catalog;

/// <summary>What is said of pools and reservations in several commands.</summary>
internal static class CatalogText
{
    /// <summary>The argument NAME.</summary>
    public static Argument<string> Name(string kind) => new("NAME") { Description = $"The name of the {kind}." };

    /// <summary>That there is no pool of that name.</summary>
    public static string NoPool(IIpamStore store, string name) => None(store, "pool", name);

    /// <summary>That there is no reservation of that name.</summary>
    public static string NoReservation(IIpamStore store, string name) => None(store, "reservation", name);

    private static string None(IIpamStore store, string kind, string name) =>
        $"there is no {kind} '{name}' in {store.Description}; 'ipamctl {kind} list' shows those that there are.";
}
