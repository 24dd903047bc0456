using System.CommandLine;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Administration;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Catalog;

/// <summary>Deletes a pool or a reservation that can't be read, after asking: what it says isn't known, and so not what its addresses are.</summary>
internal sealed class DamagedDeletion(CliEnvironment environment, Confirmation confirmation)
{
    /// <summary>Asks, deletes and returns the exit code.</summary>
    public async Task<int> RunAsync(ParseResult arguments, IIpamStore store, DamagedEntry entry, CancellationToken cancellationToken)
    {
        var what = $"{(entry.IsPool ? "pool" : "reservation")} {entry.Name}";
        environment.Note(entry.Why);
        var question = entry.IsPool
            ? $"Nobody knows which ranges it has, and whether leases lie in them; such leases stay. Delete {what}?"
            : $"Nobody knows which addresses it has; they will be handed out wherever a range has them. Delete {what}?";
        if (confirmation.EndsWith(arguments, $"would delete {what}", question) is { } end)
            return end;
        var exitCode = await CatalogChange.Of(environment, entry).MakeAsync("deleted", new CatalogEditor(store).DeleteAsync(entry, cancellationToken));
        return exitCode == ExitCode.Ok ? environment.Done($"deleted {what}") : exitCode;
    }
}
