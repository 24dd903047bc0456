using Ipam.Core.Stores;
using Ipam.Stores.Redis.Connecting;
using Ipam.Stores.Redis.Keys;
using Ipam.Stores.Redis.Requests;
using Ipam.Stores.Redis.Scripts;

namespace Ipam.Stores.Redis;

/// <summary>Where sticky owners find their addresses: a field for each interface of an owner.</summary>
internal sealed class RedisSticky(RedisConnection connection) : IStickyRecords
{
    /// <inheritdoc/>
    public Task<string?> FindAsync(string name, CancellationToken cancellationToken) => connection.AskAsync(
        "read what a sticky owner has", Request.Of("HGET", StoreKeys.Sticky, KeyText.Of(name)), static answer => answer.IsNothing ? null : answer.Text(), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> PutAsync(string name, string? expected, string? text, CancellationToken cancellationToken)
    {
        var request = Request.Of(Script.Entry, StoreKeys.Sticky);
        request.Add(KeyText.Of(name));
        request.Add(expected ?? "");
        request.Add(text ?? "");
        return connection.AskAsync("write what a sticky owner has", request, static answer => answer.Number() == 1, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, string>> ListAsync(CancellationToken cancellationToken) => connection.AskAsync<IReadOnlyDictionary<string, string>>(
        "list what sticky owners have", Request.Of("HGETALL", StoreKeys.Sticky), static answer => answer.Texts(), cancellationToken);
}
