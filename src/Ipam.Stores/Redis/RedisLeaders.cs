using System.Globalization;
using Ipam.Core.Stores;
using Ipam.Stores.Leadership;
using Ipam.Stores.Redis.Connecting;
using Ipam.Stores.Redis.Keys;
using Ipam.Stores.Redis.Requests;
using Ipam.Stores.Redis.Scripts;

namespace Ipam.Stores.Redis;

/// <summary>Who leads: a field for each role, its version and its text.</summary>
internal sealed class RedisLeaders(RedisConnection connection) : ILeaderRecords
{
    /// <inheritdoc/>
    public Task<LeaderRecord?> FindAsync(string role, CancellationToken cancellationToken) => connection.AskAsync(
        "read who leads", Request.Of("HGET", StoreKeys.Leaders, KeyText.Of(role)), static answer => answer.IsNothing ? null : Parse(answer.Text()), cancellationToken);

    /// <inheritdoc/>
    public async Task<LeaderRecord?> PutAsync(string role, LeaderRecord record, CancellationToken cancellationToken)
    {
        var request = Request.Of(Script.Lead, StoreKeys.Leaders);
        request.Add(KeyText.Of(role));
        request.Add(LeaderText.VersionOf(record));
        request.Add(LeaderText.Of(record));
        return await connection.AskAsync("write who leads", request, static answer => answer.Number() == 1, cancellationToken) ? LeaderText.Next(record) : null;
    }

    private static LeaderRecord Parse(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && long.TryParse(text.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? LeaderText.Read(text[(space + 1)..], version)
            : LeaderText.Read(text, 0);
    }
}
