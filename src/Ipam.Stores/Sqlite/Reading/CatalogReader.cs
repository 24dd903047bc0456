using System.Text.Json;
using Ipam.Core.Pools;
using Ipam.Stores.Pools;
using Ipam.Stores.Sqlite.Files;
using Ipam.Stores.Sqlite.Model;
using Microsoft.Data.Sqlite;

namespace Ipam.Stores.Sqlite.Reading;

/// <summary>Reads pools and reservations. By prepared statements, as it is done at start, where EF Core's first query takes a second.</summary>
internal sealed class CatalogReader(SqliteConnection connection) : IDisposable
{
    private readonly Statement _revision = new(connection, "SELECT catalog FROM store");
    private readonly Statement _pools = new(connection, "SELECT name, version, created_at, document FROM pools");
    private readonly Statement _reservations = new(connection, "SELECT name, version, created_at, document FROM reservations");

    /// <summary>The catalog's revision.</summary>
    public long Revision() => _revision.Number();

    /// <summary>All of it. The revision is read first: what comes in between is of a later one.</summary>
    public PoolCatalog Read() => new(
        Revision(),
        Sorted(_pools.All(static row => Entry(row, PoolJson.Read) with { Version = row.Integer(1), CreatedAt = UnixTicks.ToTime(row.Integer(2)) }), static pool => pool.Name),
        Sorted(_reservations.All(static row => Entry(row, ReservationJson.Read) with { Version = row.Integer(1), CreatedAt = UnixTicks.ToTime(row.Integer(2)) }), static reservation => reservation.Name));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<Statement>)[_revision, _pools, _reservations])
            statement.Dispose();
    }

    private static T Entry<T>(Statement row, Func<string, JsonElement, T> read)
    {
        var name = row.Text(0);
        return JsonText.Read(row.Text(3), json => read(name, json));
    }

    private static List<T> Sorted<T>(List<T> items, Func<T, string> nameOf)
    {
        items.Sort((a, b) => string.CompareOrdinal(nameOf(a), nameOf(b)));
        return items;
    }
}
