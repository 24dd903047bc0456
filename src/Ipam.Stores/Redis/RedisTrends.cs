using Ipam.Core.Stores;
using Ipam.Stores.Redis.Connecting;
using Ipam.Stores.Redis.Keys;
using Ipam.Stores.Redis.Requests;

namespace Ipam.Stores.Redis;

/// <summary>How the use of the pools went: a field for each.</summary>
internal sealed class RedisTrends(RedisConnection connection) : ITrendStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, string>> ListAsync(CancellationToken cancellationToken) => connection.AskAsync<IReadOnlyDictionary<string, string>>(
        "list how pools were used", Request.Of("HGETALL", StoreKeys.Trends), static answer => answer.Texts(), cancellationToken);

    /// <inheritdoc/>
    public Task PutAsync(string pool, string text, CancellationToken cancellationToken)
    {
        var request = Request.Of("HSET", StoreKeys.Trends, KeyText.Of(pool));
        request.Add(text);
        return connection.AskAsync("write how a pool was used", request, static _ => true, cancellationToken);
    }

    /// <inheritdoc/>
    public Task RemoveAsync(string pool, CancellationToken cancellationToken) =>
        connection.AskAsync("forget how a pool was used", Request.Of("HDEL", StoreKeys.Trends, KeyText.Of(pool)), static _ => true, cancellationToken);
}
