using System.Globalization;
using Ipam.Core.Stores;
using Ipam.Stores.Sqlite.Files;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace Ipam.Stores.Sqlite.Migrations;

/// <summary>
/// Brings a file to the newest schema version by EF Core's migrations. Several processes may try at once. The version is in SQLite's header,
/// and a step is taken in one transaction: EF Core's own lock is a row, which a killed process leaves behind for all who come after.
/// </summary>
internal sealed class Migrator(ConnectionSource source, IReadOnlyList<Migration> steps)
{
    /// <summary>What SQLite's header says the file is for: the letters IPAM.</summary>
    public const int ApplicationId = 0x4950414D;

    /// <summary>Makes the file ours if it is empty, and takes the steps that it lacks.</summary>
    /// <exception cref="StoreException">The file is another program's, or a newer version's of this one.</exception>
    public void Migrate()
    {
        using var connection = source.OpenBare();
        var version = VersionNow(connection);
        source.UseWriteAheadLog(connection);
        while (version < steps.Count)
            Take(++version, connection);
    }

    /// <summary>Checks that the file has the newest version, and changes nothing.</summary>
    /// <exception cref="StoreException">It hasn't, or is another program's.</exception>
    public void EnsureNewest()
    {
        using var connection = source.OpenBare();
        using var transaction = connection.BeginTransaction(deferred: true);
        var version = VersionOf(connection);
        if (version < steps.Count)
        {
            throw new StoreException(
                $"SQLite store {source.File.Path}: the file has schema version {version} (0: nothing in it yet), and this program works with "
                + $"{steps.Count}. Upgrade ipamd to this program's version and start it once: it upgrades the file.");
        }
    }

    private void Take(int version, SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        // Another process may have taken it while this one waited for the lock.
        if (VersionOf(connection) < version)
        {
            // Steps are SQL: STRICT tables, tables without rowid and views are beyond EF Core's own operations.
            foreach (var operation in steps[version - 1].UpOperations.Cast<SqlOperation>())
                ConnectionSource.Run(connection, operation.Sql);
            ConnectionSource.Run(connection, string.Create(CultureInfo.InvariantCulture,
                $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {version}"));
        }
        transaction.Commit();
    }

    private int VersionNow(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        return VersionOf(connection);
    }

    /// <summary>The file's schema version; 0 for an empty file. In a transaction, because it takes several reads.</summary>
    private int VersionOf(SqliteConnection connection)
    {
        var application = Number(connection, "PRAGMA application_id");
        var version = Number(connection, "PRAGMA user_version");
        if (application != ApplicationId && (application != 0 || version != 0 || Number(connection, "SELECT count(*) FROM sqlite_schema") != 0))
        {
            throw SqliteErrors.Refuse(
                source.File.Path,
                $"the file is a database of another program (application id {application}, wanted {ApplicationId}). "
                + "Name another file, or move this one away to start with an empty store.");
        }
        if (version > steps.Count)
        {
            throw SqliteErrors.Refuse(
                source.File.Path,
                $"the file has schema version {version}, and the newest that this program knows is "
                + $"{steps.Count}. Upgrade this program to at least the version that wrote the file.");
        }
        return (int)version;
    }

    private static long Number(SqliteConnection connection, string sql) =>
        long.Parse(ConnectionSource.Ask(connection, sql), CultureInfo.InvariantCulture);
}
