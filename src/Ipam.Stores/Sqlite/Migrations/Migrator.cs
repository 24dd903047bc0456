using System.Globalization;
using Ipam.Core.Stores;
using Ipam.Stores.Sqlite.Files;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace Ipam.Stores.Sqlite.Migrations;

/// <summary>
/// Brings a file to the newest schema version by EF Core's migrations. Several processes may try at once. A step is taken in one transaction: EF Core's
/// own lock is a row, which a killed process leaves behind for all who come after.
/// </summary>
internal sealed class Migrator(ConnectionSource source, IReadOnlyList<Migration> steps)
{
    private readonly SchemaVersion _version = new(source, steps.Count);

    /// <summary>Makes the file ours if it is empty, and takes the steps that it lacks.</summary>
    /// <exception cref="StoreException">The file is another program's, or a newer version's of this one.</exception>
    public void Migrate()
    {
        using var connection = source.OpenBare();
        var version = _version.Now(connection);
        source.UseWriteAheadLog(connection);
        while (version < steps.Count)
            Take(++version, connection);
    }

    private void Take(int version, SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        // Another process may have taken it while this one waited for the lock.
        if (_version.Of(connection) < version)
        {
            // Steps are SQL: STRICT tables, tables without rowid and views are beyond EF Core's own operations.
            foreach (var operation in steps[version - 1].UpOperations.Cast<SqlOperation>())
                ConnectionSource.Run(connection, operation.Sql);
            ConnectionSource.Run(connection, string.Create(CultureInfo.InvariantCulture,
                $"PRAGMA application_id = {SchemaVersion.ApplicationId}; PRAGMA user_version = {version}"));
        }
        transaction.Commit();
    }
}
