using Ipam.Cli.Terminal;
using Ipam.Core.Administration;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Catalog;

/// <summary>Makes a change of one pool or reservation, and says how it went.</summary>
/// <param name="environment">Where to say it.</param>
/// <param name="what">What is changed, such as <c>pool 'blue'</c>.</param>
/// <param name="look">The command that shows it.</param>
internal sealed class CatalogChange(CliEnvironment environment, string what, string look)
{
    public static CatalogChange Of(CliEnvironment environment, Pool pool) =>
        new(environment, $"pool '{pool.Name}'", $"ipamctl pool show {pool.Name}");

    public static CatalogChange Of(CliEnvironment environment, Reservation reservation) =>
        new(environment, $"reservation '{reservation.Name}'", "ipamctl reservation list");

    public static CatalogChange Of(CliEnvironment environment, DamagedEntry entry) => entry.IsPool
        ? new(environment, $"pool '{entry.Name}'", "ipamctl pool list")
        : new(environment, $"reservation '{entry.Name}'", "ipamctl reservation list");

    /// <summary>Waits for the change and returns the exit code.</summary>
    /// <param name="participle">What is done, such as <c>deleted</c>.</param>
    /// <param name="edit">The change.</param>
    /// <param name="existing">What to do if it shall be new and there is one; null if it shall be there.</param>
    public async Task<int> MakeAsync(string participle, Task<EditOutcome> edit, string? existing = null)
    {
        try
        {
            return (await edit, existing) switch
            {
                (EditOutcome.Done, _) => ExitCode.Ok,
                (EditOutcome.IsAnother, not null) => environment.Fail($"not {participle}: there is {what} already; {existing}", ExitCode.Refused),
                (EditOutcome.IsGone, null) => environment.Fail($"not {participle}: {what} was deleted meanwhile; nothing was written.", ExitCode.NotFound),
                (EditOutcome.IsNotAsRead, _) => environment.Fail(
                    $"not {participle}: {what} is not as it was read, and nothing was written. Look with '{look}' and try again.", ExitCode.Refused),
                _ => environment.Fail(
                    $"not {participle}: {what} was changed meanwhile; nothing was written. Look with '{look}' and try again.", ExitCode.Refused),
            };
        }
        catch (StoreException e) when (e.IsRefusal)
        {
            return environment.Fail($"not {participle}, and nothing was written: {e.Message}", ExitCode.Failure);
        }
        catch (StoreException e)
        {
            return environment.Fail($"{e.Message} Whether {what} is {participle} is unknown: look with '{look}'.", ExitCode.Failure);
        }
    }
}
