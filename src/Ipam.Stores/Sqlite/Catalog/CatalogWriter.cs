using Ipam.Core.Stores;
using Ipam.Stores.Sqlite.Files;
using Ipam.Stores.Sqlite.Model;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SQLitePCL;

namespace Ipam.Stores.Sqlite.Catalog;

/// <summary>
/// Writes pools, reservations and leadership, over a connection of its own. What a change is made from is read before the file is locked,
/// and checked when it is written. Not for several threads at once.
/// </summary>
internal sealed class CatalogWriter(Statements statements, TimeSpan patience, TimeProvider time) : IDisposable
{
    private const int MostTries = 20;

    private readonly WriteTransaction _transaction = new(statements, patience);

    /// <summary>Creates a row (<paramref name="version"/> is 0), or replaces the document of the one that still has that version.</summary>
    public bool Put<TRow>(TRow row, long version)
        where TRow : CatalogRow, new() => ChangeCatalog((context, revision) =>
    {
        var stored = context.Find<TRow>(row.Name);
        if ((stored?.Version ?? 0) != version)
            return false;
        stored ??= context.Add(new TRow { Name = row.Name, CreatedAt = row.CreatedAt }).Entity;
        stored.Document = row.Document;
        stored.Version = revision;
        return true;
    });

    /// <summary>Deletes the row if it still has this version.</summary>
    public bool Delete<TRow>(string name, long version)
        where TRow : CatalogRow => ChangeCatalog((context, _) =>
    {
        if (context.Find<TRow>(name) is not { } stored || stored.Version != version)
            return false;
        context.Remove(stored);
        return true;
    });

    /// <summary>The row of a role; null if there is none.</summary>
    public LeadershipRow? FindLeader(string role)
    {
        using var context = IpamContext.Over(statements.Connection);
        return context.Find<LeadershipRow>(role);
    }

    /// <summary>Writes a role's row if it still has this version; 0 for none. It gets the next one.</summary>
    public bool PutLeader(string role, long version, string text) => Change(context =>
    {
        var row = context.Find<LeadershipRow>(role);
        if ((row?.Until ?? 0) != version)
            return false;
        row ??= context.Add(new LeadershipRow { Role = role }).Entity;
        row.Holder = text;
        row.Until = version + 1;
        return true;
    });

    /// <summary>The texts of all rows whose role begins so, by the rest of it.</summary>
    public IReadOnlyDictionary<string, string> ListNotes(string prefix)
    {
        using var context = IpamContext.Over(statements.Connection);
        return context.Leadership.AsNoTracking().Where(row => row.Role.StartsWith(prefix))
            .ToDictionary(row => row.Role[prefix.Length..], static row => row.Holder, StringComparer.Ordinal);
    }

    /// <summary>Replaces the text of a row if it is still the expected one; null stands for no row.</summary>
    public bool ReplaceNote(string role, string? expected, string? text) => Change(context =>
    {
        var row = context.Find<LeadershipRow>(role);
        if (row?.Holder != expected)
            return false;
        if (text is null)
        {
            if (row is not null)
                context.Remove(row);
            return true;
        }
        row ??= context.Add(new LeadershipRow { Role = role }).Entity;
        row.Holder = text;
        row.Until++;
        return true;
    });

    /// <inheritdoc/>
    public void Dispose() => statements.Dispose();

    /// <summary>
    /// Makes a change under the catalog's next revision: the time in microseconds, or the next number, so that none comes again in a file that was
    /// set back to an older copy.
    /// </summary>
    private bool ChangeCatalog(Func<IpamContext, long, bool> change) => Change(context =>
    {
        var store = context.Store.Single();
        store.Catalog = Math.Max(store.Catalog + 1, UnixTicks.Of(time.GetUtcNow()) / TimeSpan.TicksPerMicrosecond);
        return change(context, store.Catalog);
    });

    /// <summary>Makes a change and saves it, again if somebody else changed the same meanwhile; false if it says that there is nothing to save.</summary>
    private bool Change(Func<IpamContext, bool> change)
    {
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            using var context = IpamContext.Over(statements.Connection);
            if (!change(context))
                return false;
            context.Database.AutoTransactionBehavior = AutoTransactionBehavior.Never;
            _transaction.Begin();
            try
            {
                context.SaveChanges();
                _transaction.Commit();
                return true;
            }
            catch (DbUpdateException e) when (IsConflict(e))
            {
                // Another process was faster; what it left is looked at next.
            }
            finally
            {
                _transaction.Undo();
            }
        }
        throw new StoreException($"the pools of {statements.Connection.DataSource} were changed by others at each of {MostTries} tries; try again");
    }

    /// <summary>Whether a row had changed, or one that shall be new was there.</summary>
    private static bool IsConflict(DbUpdateException e) =>
        e is DbUpdateConcurrencyException || e.InnerException is SqliteException { SqliteErrorCode: raw.SQLITE_CONSTRAINT };
}
