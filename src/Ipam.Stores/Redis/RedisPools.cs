using System.Globalization;
using System.Text.Json;
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
internal sealed class RedisPools(RedisConnection connection, TimeProvider time) : IPoolStore
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

    private static PoolCatalog ReadCatalog(Answer answer)
    {
        var parts = answer.Parts();
        return new PoolCatalog(
            parts.Next().Number(),
            Entries(parts.Next(), static (name, json, version, created) => PoolJson.Read(name, json) with { Version = version, CreatedAt = created }),
            Entries(parts.Next(), static (name, json, version, created) => ReservationJson.Read(name, json) with { Version = version, CreatedAt = created }));
    }

    private static List<T> Entries<T>(Answer hash, Func<string, JsonElement, long, DateTimeOffset, T> read)
    {
        var entries = new SortedList<string, T>(StringComparer.Ordinal);
        var fields = hash.Parts();
        while (fields.MoveNext())
        {
            var name = fields.Current.Text();
            var text = fields.Next().Text();
            var entry = text.Split(' ', 3);
            if (entry.Length != 3 || !long.TryParse(entry[0], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                || !long.TryParse(entry[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var created)
                || created < DateTimeOffset.MinValue.ToUnixTimeMilliseconds() || created > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
                throw new InvalidDataException($"'{text}' can't be read: a version, a time and a document were expected");
            entries.Add(name, JsonText.Read(entry[2], json => read(name, json, version, DateTimeOffset.FromUnixTimeMilliseconds(created))));
        }
        return [.. entries.Values];
    }
}
