using Ipam.Stores.Sqlite.Files;
using Ipam.Stores.Sqlite.Migrations;
using Ipam.Stores.Sqlite.Model;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Ipam.Stores.Sqlite.Catalog;

/// <summary>Writes pools, reservations and leadership, over a connection of its own. Not for several threads at once.</summary>
internal sealed class CatalogWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly IpamContext _context;

    /// <summary>A writer over an open connection, which is its own from now on.</summary>
    public CatalogWriter(SqliteConnection connection)
    {
        _connection = connection;
        _context = IpamContext.Over(_connection);
    }

    /// <summary>
    /// Uses everything once, on a database in memory. EF Core's first use in a process takes a second, which is better spent before a file is
    /// locked.
    /// </summary>
    public static void WarmUp()
    {
        var connection = new SqliteConnection("Data Source=:memory:;Pooling=False");
        using var writer = new CatalogWriter(connection);
        connection.Open();
        foreach (var step in SchemaVersions.All)
            ConnectionSource.Run(connection, step.Sql);
        writer.TryLead("", "", 0, 0);
        writer.Put(new PoolRow(), 0);
        writer.Put(new PoolRow(), 1);
        writer.Delete<PoolRow>("", 2);
        writer.Put(new ReservationRow(), 0);
        writer.Put(new ReservationRow(), 4);
        writer.Delete<ReservationRow>("", 5);
    }

    /// <summary>Creates a row (<paramref name="version"/> is 0), or replaces the document of the one that still has that version.</summary>
    public bool Put<TRow>(TRow row, long version)
        where TRow : CatalogRow => Change(revision =>
    {
        var rows = _context.Set<TRow>().Where(other => other.Name == row.Name);
        if (version != 0)
        {
            return rows.Where(other => other.Version == version)
                .ExecuteUpdate(set => set.SetProperty(other => other.Version, revision).SetProperty(other => other.Document, row.Document)) == 1;
        }
        row.Version = revision;
        return !rows.Any() && Add(row);
    });

    /// <summary>Deletes the row if it still has this version.</summary>
    public bool Delete<TRow>(string name, long version)
        where TRow : CatalogRow =>
        Change(_ => _context.Set<TRow>().Where(row => row.Name == name && row.Version == version).ExecuteDelete() == 1);

    /// <summary>Makes <paramref name="holder"/> the leader unless another one is.</summary>
    /// <param name="role">What is led.</param>
    /// <param name="holder">Who shall lead.</param>
    /// <param name="now">The time, in milliseconds of the Unix epoch.</param>
    /// <param name="until">When the term ends.</param>
    public bool TryLead(string role, string holder, long now, long until)
    {
        using var transaction = _context.Database.BeginTransaction();
        var rows = _context.Leadership.Where(row => row.Role == role);
        var leads = rows.Where(row => row.Holder == holder || row.Until <= now)
            .ExecuteUpdate(set => set.SetProperty(row => row.Holder, holder).SetProperty(row => row.Until, until)) == 1;
        leads = leads || (!rows.Any() && Add(new LeadershipRow { Role = role, Holder = holder, Until = until }));
        transaction.Commit();
        return leads;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _context.Dispose();
        _connection.Dispose();
    }

    /// <summary>Makes a change under the catalog's next revision; if it says that it changed nothing, the revision stays.</summary>
    private bool Change(Func<long, bool> change)
    {
        using var transaction = _context.Database.BeginTransaction();
        _context.Store.ExecuteUpdate(set => set.SetProperty(row => row.Catalog, row => row.Catalog + 1));
        var changed = change(_context.Store.Select(row => row.Catalog).Single());
        if (changed)
            transaction.Commit();
        return changed;
    }

    private bool Add(object row)
    {
        _context.Add(row);
        _context.SaveChanges();
        _context.ChangeTracker.Clear();
        return true;
    }
}
