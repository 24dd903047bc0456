using System.Text;
using System.Text.Json;
using Ipam.Core.Pools;
using Ipam.Stores.Pools;
using Ipam.Stores.Sqlite.Files;
using Ipam.Stores.Sqlite.Model;

namespace Ipam.Stores.Sqlite.Reading;

/// <summary>Reads pools and reservations. By prepared statements, as it is done at start, where EF Core's first query takes a second.</summary>
internal sealed class CatalogReader(Statements statements, string path)
{
    private readonly Statement _revision = statements.Prepare("SELECT catalog FROM store");
    private readonly Statement _pools = statements.Prepare("SELECT name, version, created_at, document FROM pools");
    private readonly Statement _reservations = statements.Prepare("SELECT name, version, created_at, document FROM reservations");

    /// <summary>The catalog's revision.</summary>
    public long Revision() => _revision.Number();

    /// <summary>All of it. The revision is read first: what comes in between is of a later one.</summary>
    public PoolCatalog Read()
    {
        var revision = Revision();
        var catalog = new CatalogBuilder($"SQLite store {path}");
        _pools.Each(row => catalog.AddPool(
            NameOf(row), row.Integer(1), () => Entry(row, PoolJson.Read) with { Version = row.Integer(1), CreatedAt = UnixTicks.ToTime(row.Integer(2)) }));
        _reservations.Each(row => catalog.AddReservation(
            NameOf(row), row.Integer(1), Encoding.UTF8.GetString(row.Bytes(3)),
            () => Entry(row, ReservationJson.Read) with { Version = row.Integer(1), CreatedAt = UnixTicks.ToTime(row.Integer(2)) }));
        return catalog.Build(revision);
    }

    private static T Entry<T>(Statement row, Func<string, JsonElement, T> read)
    {
        var name = row.Text(0);
        return JsonText.Read(row.Text(3), json => read(name, json));
    }

    // A name that can't be read is shown all the same; the entry itself is then damaged.
    private static string NameOf(Statement row) => Encoding.UTF8.GetString(row.Bytes(0));
}
