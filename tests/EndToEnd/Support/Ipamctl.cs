using System.Diagnostics;

namespace EndToEnd.Support;

/// <summary>Runs <c>ipamctl</c> on a site's store.</summary>
internal static class Ipamctl
{
    public static CommandOutcome TryRun(Site site, params string[] arguments) => TryRun(site, Command.DefaultPatience, arguments);

    /// <summary>Runs it for so long at most.</summary>
    public static CommandOutcome TryRun(Site site, TimeSpan patience, params string[] arguments) =>
        Command.Run(new ProcessStartInfo(Repository.Ipamctl, ["--store", site.Store, .. arguments]), stdin: "", patience);

    /// <summary>All leases of a site's store, by the ipamctl of a build.</summary>
    public static IReadOnlyList<HeldLease> Leases(Site site, Build? build = null)
    {
        var json = JsonText.Parse(Command.Run(build?.Ipamctl ?? Repository.Ipamctl, "--store", site.Store, "lease", "list", "-o", "json"));
        return [.. json.EnumerateArray().Select(HeldLease.Read)];
    }

    /// <summary>The addresses that a network's containers hold.</summary>
    public static IReadOnlyList<string> Addresses(Site site, NetworkConfig network) =>
        [.. Leases(site).Where(lease => lease.Network == network.Name).Select(static lease => lease.Address)];
}
