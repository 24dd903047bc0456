using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Stores.Pools;
using Ipam.Stores.Sqlite.Model;
using Ipam.Stores.Sqlite.Reading;

namespace Ipam.Stores.Sqlite.Catalog;

/// <summary>Pools and reservations in the file.</summary>
internal sealed class SqlitePools(ISqliteAccess access, TimeProvider time) : IPoolStore
{
    /// <inheritdoc/>
    public Task<long> ReadRevisionAsync(CancellationToken cancellationToken) =>
        access.ReadAsync("read the pools' revision", static reader => reader.Catalog.Revision(), cancellationToken);

    /// <inheritdoc/>
    public Task<PoolCatalog> ReadAsync(CancellationToken cancellationToken) =>
        access.ReadAsync("read the pools", static reader => reader.Catalog.Read(), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> PutAsync(Pool pool, CancellationToken cancellationToken) => access.ChangeAsync("write a pool", writer => writer.Put(
        new PoolRow { Name = pool.Name, CreatedAt = Now, Document = JsonText.Of(json => PoolJson.Write(json, pool)) }, pool.Version), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(Pool pool, CancellationToken cancellationToken) =>
        access.ChangeAsync("delete a pool", writer => writer.Delete<PoolRow>(pool.Name, pool.Version), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> PutAsync(Reservation reservation, CancellationToken cancellationToken) => access.ChangeAsync(
        "write a reservation",
        writer => writer.Put(
            new ReservationRow
            {
                Name = reservation.Name,
                CreatedAt = Now,
                Document = JsonText.Of(json => ReservationJson.Write(json, reservation)),
            },
            reservation.Version),
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(Reservation reservation, CancellationToken cancellationToken) => access.ChangeAsync(
        "delete a reservation", writer => writer.Delete<ReservationRow>(reservation.Name, reservation.Version), cancellationToken);

    private long Now => UnixTicks.Of(time.GetUtcNow());
}
