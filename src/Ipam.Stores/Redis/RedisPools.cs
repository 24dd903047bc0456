using System.Globalization;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Stores.Pools;
using Ipam.Stores.Redis.Connecting;
using Ipam.Stores.Redis.Keys;
using Ipam.Stores.Redis.Model;
using Ipam.Stores.Redis.Requests;
using Ipam.Stores.Redis.Scripts;
using StackExchange.Redis;

namespace Ipam.Stores.Redis;

/// <summary>Pools and reservations on the server.</summary>
/// <param name="connection">The server.</param>
/// <param name="time">When something is created.</param>
/// <param name="store">The store, for messages.</param>
internal sealed class RedisPools(RedisConnection connection, TimeProvider time, string store) : IPoolStore
{
    /// <inheritdoc/>
    public Task<long> ReadRevisionAsync(CancellationToken cancellationToken) => connection.AskAsync(
        "read the pools' revision", Request.Of("GET", StoreKeys.Revision), static answer => answer.IsNothing ? 0 : answer.Number(), cancellationToken);

    /// <inheritdoc/>
    public Task<PoolCatalog> ReadAsync(CancellationToken cancellationToken) => connection.AskAsync(
        "read the pools", Request.Of(Script.Catalog, StoreKeys.Revision, StoreKeys.Pools, StoreKeys.Reservations), ReadCatalog, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> PutAsync(Pool pool, CancellationToken cancellationToken) => PutAsync(
        "write a pool", StoreKeys.Pools, pool.Name, pool.Version, JsonText.Of(json => PoolJson.Write(json, pool)), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(Pool pool, CancellationToken cancellationToken) =>
        RunAsync("delete a pool", Script.Delete, StoreKeys.Pools, [pool.Name, pool.Version, Microseconds], cancellationToken);

    /// <inheritdoc/>
    public Task<bool> PutAsync(Reservation reservation, CancellationToken cancellationToken) => PutAsync(
        "write a reservation", StoreKeys.Reservations, reservation.Name, reservation.Version,
        JsonText.Of(json => ReservationJson.Write(json, reservation)), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(Reservation reservation, CancellationToken cancellationToken) =>
        RunAsync("delete a reservation", Script.Delete, StoreKeys.Reservations, [reservation.Name, reservation.Version, Microseconds], cancellationToken);

    private long Microseconds => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private Task<bool> PutAsync(string doing, RedisKey entries, string name, long version, string document, CancellationToken cancellationToken) =>
        RunAsync(doing, Script.Put, entries, [name, version, time.GetUtcNow().ToUnixTimeMilliseconds(), document, Microseconds], cancellationToken);

    private Task<bool> RunAsync(string doing, Script script, RedisKey entries, ReadOnlySpan<RedisValue> arguments, CancellationToken cancellationToken)
    {
        var request = Request.Of(script, StoreKeys.Revision, entries);
        foreach (var argument in arguments)
            request.Add(argument);
        return connection.AskAsync(doing, request, static answer => answer.Number() == 1, cancellationToken);
    }

    private PoolCatalog ReadCatalog(Answer answer)
    {
        var parts = answer.Parts();
        var revision = parts.Next().Number();
        var catalog = new CatalogBuilder($"Redis store {store}");
        ReadEntries(parts.Next(), (name, entry) => catalog.AddPool(
            name, entry.Version, () => JsonText.Read(entry.Document, json => PoolJson.Read(name, json)) with { Version = entry.Version, CreatedAt = entry.CreatedAt }));
        ReadEntries(parts.Next(), (name, entry) => catalog.AddReservation(
            name, entry.Version, entry.Document,
            () => JsonText.Read(entry.Document, json => ReservationJson.Read(name, json)) with { Version = entry.Version, CreatedAt = entry.CreatedAt }));
        return catalog.Build(revision);
    }

    private static void ReadEntries(Answer hash, Action<string, StoredEntry> add)
    {
        var fields = hash.Parts();
        while (fields.MoveNext())
            add(fields.Current.Text(), new StoredEntry(fields.Next().Text()));
    }

    /// <summary>A pool or a reservation as it is kept: its version, when it was created, and its document.</summary>
    private readonly struct StoredEntry(string text)
    {
        private readonly string[] _words = text.Split(' ', 3);

        /// <summary>The version; 0 if it can't be read.</summary>
        public long Version => _words.Length == 3 && long.TryParse(_words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;

        /// <summary>The document, if there is one.</summary>
        public string Document => _words[^1];

        /// <exception cref="InvalidDataException">It isn't a version, a time and a document.</exception>
        public DateTimeOffset CreatedAt => Version > 0
            && long.TryParse(_words[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var created)
            && created >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds() && created <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(created)
            : throw new InvalidDataException($"'{string.Join(' ', _words)}' was found, and wanted are a version, a time and a document");
    }
}
