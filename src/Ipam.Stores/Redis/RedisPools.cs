using System.Globalization;
using System.Text.Json;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Stores.Pools;
using Ipam.Stores.Redis.Connecting;
using Ipam.Stores.Redis.Keys;
using Ipam.Stores.Redis.Model;
using Ipam.Stores.Redis.Scripts;
using StackExchange.Redis;

namespace Ipam.Stores.Redis;

/// <summary>Pools and reservations on the server.</summary>
internal sealed class RedisPools(RedisConnection connection, RedisErrors errors, TimeProvider time) : IPoolStore
{
    /// <inheritdoc/>
    public async Task<long> ReadRevisionAsync(CancellationToken cancellationToken)
    {
        var answer = await connection.CallAsync("read the pools' revision", "GET", [StoreKeys.Revision], cancellationToken);
        return answer.IsNull ? 0 : (long)answer;
    }

    /// <inheritdoc/>
    public async Task<PoolCatalog> ReadAsync(CancellationToken cancellationToken)
    {
        const string doing = "read the pools";
        var answer = Answer.Parts(await connection.RunAsync(
            doing, Script.Catalog, [StoreKeys.Revision, StoreKeys.Pools, StoreKeys.Reservations], [], cancellationToken));
        try
        {
            return new PoolCatalog(
                (long)answer[0],
                Entries(answer[1], static (name, json, version, created) => PoolJson.Read(name, json) with { Version = version, CreatedAt = created }),
                Entries(answer[2], static (name, json, version, created) => ReservationJson.Read(name, json) with { Version = version, CreatedAt = created }));
        }
        catch (InvalidDataException e)
        {
            throw errors.Describe(e, doing)!;
        }
    }

    /// <inheritdoc/>
    public Task<bool> PutAsync(Pool pool, CancellationToken cancellationToken) => PutAsync(
        "write a pool", StoreKeys.Pools, pool.Name, pool.Version, JsonText.Of(json => PoolJson.Write(json, pool)), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(Pool pool, CancellationToken cancellationToken) =>
        RunAsync("delete a pool", Script.Delete, StoreKeys.Pools, [pool.Name, pool.Version], cancellationToken);

    /// <inheritdoc/>
    public Task<bool> PutAsync(Reservation reservation, CancellationToken cancellationToken) => PutAsync(
        "write a reservation", StoreKeys.Reservations, reservation.Name, reservation.Version,
        JsonText.Of(json => ReservationJson.Write(json, reservation)), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(Reservation reservation, CancellationToken cancellationToken) =>
        RunAsync("delete a reservation", Script.Delete, StoreKeys.Reservations, [reservation.Name, reservation.Version], cancellationToken);

    private Task<bool> PutAsync(string doing, RedisKey entries, string name, long version, string document, CancellationToken cancellationToken) =>
        RunAsync(doing, Script.Put, entries, [name, version, time.GetUtcNow().ToUnixTimeMilliseconds(), document], cancellationToken);

    private async Task<bool> RunAsync(string doing, Script script, RedisKey entries, RedisValue[] arguments, CancellationToken cancellationToken) =>
        (long)await connection.RunAsync(doing, script, [StoreKeys.Revision, entries], arguments, cancellationToken) == 1;

    private static List<T> Entries<T>(RedisResult hash, Func<string, JsonElement, long, DateTimeOffset, T> read)
    {
        var fields = Answer.Parts(hash);
        var entries = new SortedList<string, T>(StringComparer.Ordinal);
        for (var i = 0; i + 1 < fields.Length; i += 2)
        {
            var (name, entry) = (Answer.Text(fields[i]), Answer.Text(fields[i + 1]).Split(' ', 3));
            if (entry.Length != 3 || !long.TryParse(entry[0], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                || !long.TryParse(entry[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var created))
                throw new InvalidDataException($"'{fields[i + 1]}' can't be read: a version, a time and a document were expected");
            entries.Add(name, JsonText.Read(entry[2], json => read(name, json, version, DateTimeOffset.FromUnixTimeMilliseconds(created))));
        }
        return [.. entries.Values];
    }
}
