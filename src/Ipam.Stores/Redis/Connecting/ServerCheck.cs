using Ipam.Core.Stores;
using Ipam.Stores.Redis.Requests;
using StackExchange.Redis;

namespace Ipam.Stores.Redis.Connecting;

/// <summary>Looks whether the server, or each master of a cluster, is set up so that it keeps what it acknowledged.</summary>
internal sealed class ServerCheck(RedisConnection connection)
{
    /// <summary>What the operator should know.</summary>
    public async Task<IReadOnlyList<string>> WarningsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return [.. Judge(
                await connection.ReadSettingAsync("appendonly", cancellationToken),
                await connection.ReadSettingAsync("appendfsync", cancellationToken),
                await connection.ReadSettingAsync("maxmemory-policy", cancellationToken))];
        }
        catch (StoreException e) when (e.InnerException is RedisServerException)
        {
            return [(
                $"whether the server keeps what it acknowledges can't be told, as it refuses CONFIG GET: {e.InnerException.Message}. "
                + "Make sure of 'appendonly yes', 'appendfsync always' and 'maxmemory-policy noeviction' yourself.")];
        }
    }

    /// <summary>Why no history is kept although it shall be; null if nothing is known against it.</summary>
    /// <param name="stream">A stream of the history, which need not be there.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<string?> HistoryWarningAsync(RedisKey stream, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.AskAsync("read the history", Request.Of("XRANGE", stream, "-", "+", "COUNT", 1), static _ => (string?)null, cancellationToken);
        }
        catch (StoreException e) when (e.InnerException is RedisServerException)
        {
            return $"the server's user may not read the history, and thus no history may be kept: {e.InnerException.Message}. Grant +xadd +xlen +xinfo +xtrim +xrange +pexpire.";
        }
    }

    private static IEnumerable<string> Judge(IReadOnlyList<string> appendOnly, IReadOnlyList<string> fsync, IReadOnlyList<string> policy)
    {
        if (appendOnly.Contains("no"))
        {
            yield return (
                "the server has 'appendonly no': when it restarts, leases are lost and their addresses are handed out again. "
                + "Set 'appendonly yes' and 'appendfsync always'.");
        }
        else if (fsync.FirstOrDefault(static value => value != "always") is { } other)
        {
            yield return (
                $"the server has 'appendfsync {other}': when its machine crashes, leases of the last seconds are lost and their addresses are "
                + "handed out again. Set 'appendfsync always', or accept that.");
        }
        if (policy.FirstOrDefault(static value => value.StartsWith("allkeys-", StringComparison.Ordinal)) is { } evicting)
        {
            yield return (
                $"the server has 'maxmemory-policy {evicting}': it throws leases away when its memory is full. Set 'maxmemory-policy noeviction'.");
        }
    }
}
