using System.Globalization;
using Ipam.Core.Stores;
using Ipam.Stores.Sqlite.Files;
using Microsoft.Data.Sqlite;

namespace Ipam.Stores.Sqlite.Migrations;

/// <summary>The schema version that a file has, which is in SQLite's header. Who only asks for it doesn't load EF Core.</summary>
/// <param name="source">Opens the file.</param>
/// <param name="newest">The newest version that is known.</param>
internal sealed class SchemaVersion(ConnectionSource source, int newest)
{
    /// <summary>What SQLite's header says the file is for: the letters IPAM.</summary>
    public const int ApplicationId = 0x4950414D;

    /// <summary>Checks that the file has the newest version, and changes nothing.</summary>
    /// <exception cref="StoreException">It hasn't, or is another program's.</exception>
    public void EnsureNewest()
    {
        using var connection = source.OpenBare();
        var version = Now(connection);
        if (version < newest)
        {
            throw new StoreException(
                $"SQLite store {source.File.Path}: the file has schema version {version} (0: nothing in it yet), and this program works with "
                + $"{newest}. Upgrade ipamd to this program's version and start it once: it upgrades the file.");
        }
    }

    /// <summary>The version; 0 for an empty file.</summary>
    /// <exception cref="StoreException">The file is another program's, or a newer version's of this one.</exception>
    public int Now(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        return Of(connection);
    }

    /// <summary>The same in a transaction of the caller's, because it takes several reads.</summary>
    /// <exception cref="StoreException">The file is another program's, or a newer version's of this one.</exception>
    public int Of(SqliteConnection connection)
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
        if (version > newest)
        {
            throw SqliteErrors.Refuse(
                source.File.Path,
                $"the file has schema version {version}, and the newest that this program knows is "
                + $"{newest}. Upgrade this program to at least the version that wrote the file.");
        }
        return (int)version;
    }

    private static long Number(SqliteConnection connection, string sql) =>
        long.Parse(ConnectionSource.Ask(connection, sql), CultureInfo.InvariantCulture);
}
