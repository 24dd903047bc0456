using Ipam.Core.Stores;
using Ipam.Stores.Redis.Connecting;
using Ipam.Stores.Redis.Keys;
using Ipam.Stores.Redis.Requests;
using Ipam.Stores.Redis.Scripts;
using StackExchange.Redis;

namespace Ipam.Stores.Redis;

/// <summary>Texts by name, each a field of one hash.</summary>
/// <param name="connection">The connection.</param>
/// <param name="key">The hash.</param>
/// <param name="what">What a text says, for messages.</param>
internal sealed class RedisTexts(RedisConnection connection, RedisKey key, string what) : INamedTexts
{
    /// <inheritdoc/>
    public Task<string?> FindAsync(string name, CancellationToken cancellationToken) => connection.AskAsync(
        $"read {what}", Request.Of("HGET", key, KeyText.Of(name)), static answer => answer.IsNothing ? null : answer.Text(), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> PutAsync(string name, string? expected, string? text, CancellationToken cancellationToken)
    {
        var request = Request.Of(Script.Entry, key);
        request.Add(KeyText.Of(name));
        request.Add(expected ?? "");
        request.Add(text ?? "");
        return connection.AskAsync($"write {what}", request, static answer => answer.Number() == 1, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, string>> ListAsync(CancellationToken cancellationToken) => connection.AskAsync<IReadOnlyDictionary<string, string>>(
        $"list {what}", Request.Of("HGETALL", key), static answer => answer.Texts(), cancellationToken);
}
