using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Catalog;

/// <summary>A change of one pool or reservation, which is made only if it still is as it was read.</summary>
internal sealed class CatalogChange
{
    public required CliEnvironment Environment { get; init; }

    public required IIpamStore Store { get; init; }

    /// <summary>What is changed, such as <c>pool 'blue'</c>.</summary>
    public required string What { get; init; }

    /// <summary>The command that shows it.</summary>
    public required string Look { get; init; }

    /// <summary>Whether the catalog has it.</summary>
    public required Func<PoolCatalog, bool> IsThere { get; init; }

    /// <summary>Makes the change and says how it went.</summary>
    /// <param name="participle">What is done to it, such as <c>deleted</c>.</param>
    /// <param name="write">Writes it; false if it wasn't as it was read.</param>
    /// <param name="existing">What to say if it shall be new and is there; null if it shall be there.</param>
    /// <param name="cancellationToken">Cancels it; it may have been written all the same.</param>
    public async Task<int> MakeAsync(string participle, Func<Task<bool>> write, string? existing, CancellationToken cancellationToken)
    {
        try
        {
            if (await write())
                return ExitCode.Ok;
        }
        catch (StoreException e)
        {
            return Environment.Fail($"{e.Message} Whether {What} is {participle} is unknown: look with '{Look}'.", ExitCode.Failure);
        }
        var isThere = IsThere(await Store.Pools.ReadAsync(cancellationToken));
        return (isThere, existing) switch
        {
            (true, not null) => Environment.Fail($"not {participle}: there is {What} already; {existing}", ExitCode.Refused),
            (false, null) => Environment.Fail($"not {participle}: {What} was deleted meanwhile; nothing was written.", ExitCode.NotFound),
            _ => Environment.Fail(
                $"not {participle}: {What} was changed meanwhile; nothing was written. Look with '{Look}' and try again.", ExitCode.Refused),
        };
    }
}
