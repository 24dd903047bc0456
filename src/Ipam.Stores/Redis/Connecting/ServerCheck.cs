using Ipam.Core.Stores;
using Ipam.Stores.Redis.Model;

namespace Ipam.Stores.Redis.Connecting;

/// <summary>Looks whether the server is set up so that it keeps what it acknowledged.</summary>
internal sealed class ServerCheck(RedisConnection connection, RedisErrors errors)
{
    /// <summary>What the operator should know.</summary>
    public async Task<IReadOnlyList<string>> WarningsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return [.. Judge(
                await AskAsync("appendonly", cancellationToken),
                await AskAsync("appendfsync", cancellationToken),
                await AskAsync("maxmemory-policy", cancellationToken))];
        }
        catch (StoreException e) when (e.InnerException is StackExchange.Redis.RedisServerException)
        {
            return [errors.Warn(
                $"whether the server keeps what it acknowledges can't be told, as it refuses CONFIG GET: {e.InnerException.Message}. "
                + "Make sure of 'appendonly yes', 'appendfsync always' and 'maxmemory-policy noeviction' yourself.")];
        }
    }

    private IEnumerable<string> Judge(string? appendOnly, string? fsync, string? policy)
    {
        if (appendOnly == "no")
        {
            yield return errors.Warn(
                "the server has 'appendonly no': when it restarts, leases are lost and their addresses are handed out again. "
                + "Set 'appendonly yes' and 'appendfsync always'.");
        }
        else if (fsync is not null and not "always")
        {
            yield return errors.Warn(
                $"the server has 'appendfsync {fsync}': when its machine crashes, leases of the last seconds are lost and their addresses are "
                + "handed out again. Set 'appendfsync always', or accept that.");
        }
        if (policy?.StartsWith("allkeys-", StringComparison.Ordinal) == true)
        {
            yield return errors.Warn(
                $"the server has 'maxmemory-policy {policy}': it throws leases away when its memory is full. Set 'maxmemory-policy noeviction'.");
        }
    }

    private async Task<string?> AskAsync(string setting, CancellationToken cancellationToken)
    {
        var answer = Answer.Parts(await connection.CallAsync("read the server's settings", "CONFIG", ["GET", setting], cancellationToken));
        return answer.Length == 2 ? (string?)answer[1] : null;
    }
}
