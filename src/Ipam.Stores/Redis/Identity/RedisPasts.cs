using System.Collections.Concurrent;
using Ipam.Core.Stores;
using Ipam.Stores.Redis.Connecting;
using Ipam.Stores.Redis.Keys;
using Ipam.Stores.Redis.Model;
using Ipam.Stores.Redis.Requests;
using Ipam.Stores.Redis.Scripts;
using StackExchange.Redis;

namespace Ipam.Stores.Redis.Identity;

/// <summary>
/// The past of the store. Each space has a copy of the store's identity, and its own revision, because a commit sees the keys of its space alone, and a
/// cluster may lose one space and keep the others.
/// </summary>
internal sealed class RedisPasts(
    RedisConnection connection, Func<CancellationToken, Task<List<string>>> spaces, Func<string, SpaceKeys> keysOf) : IStorePasts
{
    private readonly ConcurrentDictionary<string, long> _revisions = new(StringComparer.Ordinal);
    private volatile StorePast? _expected;

    /// <inheritdoc/>
    public long Interruptions => connection.Interruptions;

    /// <summary>The past that a space must keep.</summary>
    public SpacePast Of(string space) =>
        _expected is { } expected ? new SpacePast(expected.Identity, _revisions.GetValueOrDefault(space)) : new SpacePast("", 0);

    /// <summary>A space had this revision.</summary>
    public void Committed(string space, long revision) =>
        _revisions.AddOrUpdate(space, revision, (_, known) => Math.Max(known, revision));

    /// <inheritdoc/>
    public async Task<StorePast> ReadAsync(CancellationToken cancellationToken)
    {
        var store = await ReadAsync(StoreKeys.Identity, StoreKeys.Revision, StoreKeys.Accepted, StorePast.NewIdentity(), write: false, cancellationToken);
        var (total, wentBack) = (store.Revision, false);
        var names = await spaces(cancellationToken);
        // A space that was lost has no name in the store either.
        foreach (var space in names.Union(_revisions.Keys))
        {
            var keys = keysOf(space);
            // What comes meanwhile may be newer than the answer.
            var before = _revisions.GetValueOrDefault(space);
            var past = await ReadAsync(keys.Identity, keys.Revision, keys.Identity, store.Identity, write: true, cancellationToken);
            wentBack |= past.Revision < before;
            Committed(space, past.Revision);
            total += past.Revision;
        }
        return store with { Revision = wentBack ? StorePast.WentBack : total };
    }

    /// <inheritdoc/>
    public void Remember(string space, long version) => Committed(space, version);

    /// <inheritdoc/>
    public void Expect(StorePast past)
    {
        // What spaces had come to counts no more in another past.
        if (past.Revision == StorePast.WentBack || (_expected is { } former && former.Identity != past.Identity))
            _revisions.Clear();
        _expected = past;
    }

    /// <inheritdoc/>
    public Task RenewAsync(string identity, CancellationToken cancellationToken) =>
        ReplaceAsync("renew its identity", StoreKeys.Identity, identity, StorePast.NewIdentity(), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> AcceptAsync(string identity, CancellationToken cancellationToken) =>
        ReplaceAsync("accept a loss", StoreKeys.Accepted, identity, identity, cancellationToken);

    private Task<bool> ReplaceAsync(string doing, RedisKey target, string identity, string value, CancellationToken cancellationToken)
    {
        var request = Request.Of(Script.Replace, StoreKeys.Identity, target);
        request.Add(identity);
        request.Add(value);
        return connection.AskAsync(doing, request, static answer => answer.Number() == 1, cancellationToken);
    }

    private Task<StorePast> ReadAsync(
        RedisKey identity, RedisKey revision, RedisKey accepted, string next, bool write, CancellationToken cancellationToken)
    {
        var request = Request.Of(Script.Past, identity, revision, accepted);
        request.Add(next);
        request.Add(write ? 1 : 0);
        return connection.AskAsync("read its identity", request, static answer =>
        {
            var parts = answer.Parts();
            var found = parts.Next().Text();
            return new StorePast(found, parts.Next().Number(), parts.Next().Text() == found);
        }, cancellationToken);
    }
}

/// <summary>The past that a space must keep.</summary>
/// <param name="Identity">The store's identity; empty for any.</param>
/// <param name="Revision">The revision that the space had at least; 0 for any.</param>
internal readonly record struct SpacePast(string Identity, long Revision);
