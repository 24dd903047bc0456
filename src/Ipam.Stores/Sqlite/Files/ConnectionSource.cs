using System.Globalization;
using Ipam.Core.Stores;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ipam.Stores.Sqlite.Files;

/// <summary>Opens connections to one file, all with the same promises in force.</summary>
internal sealed class ConnectionSource(DatabaseFile file, TimeSpan busyTimeout)
{
    // A writer that finds the log at this size brings it into the database itself, which stalls its commit. It is the bound of
    // the log's growth; the checkpointer sees to it that it isn't reached.
    private const int AutomaticCheckpointPages = 16_384;

    private readonly string _connectionString = new SqliteConnectionStringBuilder
    {
        DataSource = file.Path,
        Mode = SqliteOpenMode.ReadWrite,
        Pooling = false,
        // On top of SQLite's own wait for a lock; the least there is.
        DefaultTimeout = 1,
    }.ToString();

    /// <summary>The file.</summary>
    public DatabaseFile File => file;

    /// <summary>An open connection on which nothing but the time to wait for a lock is set.</summary>
    public SqliteConnection OpenBare()
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {(long)busyTimeout.TotalMilliseconds}"));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>An open connection to a file that is set up: a write-ahead log, and each commit on disk before it returns.</summary>
    /// <exception cref="StoreException">SQLite doesn't do one of these with this file.</exception>
    public SqliteConnection Open(bool readOnly)
    {
        var connection = OpenBare();
        try
        {
            Run(connection, string.Create(CultureInfo.InvariantCulture, $"""
                PRAGMA synchronous = FULL;
                PRAGMA wal_autocheckpoint = {AutomaticCheckpointPages};
                PRAGMA cache_size = {(readOnly ? -2_048 : -32_768)};
                PRAGMA trusted_schema = OFF;
                PRAGMA query_only = {(readOnly ? 1 : 0)};
                """));
            Verify(connection, "journal_mode", "wal");
            Verify(connection, "synchronous", "2");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Runs statements that return nothing of interest. (A SqliteCommand would hide the failure of a statement that comes after one
    /// with rows, and many a PRAGMA and ALTER TABLE has some.)
    /// </summary>
    public static void Run(SqliteConnection connection, string sql) =>
        SqliteException.ThrowExceptionForRC(raw.sqlite3_exec(connection.Handle, sql), connection.Handle);

    /// <summary>The first column of the first row, as text.</summary>
    public static string Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture) ?? "";
    }

    /// <summary>Gives the file a write-ahead log, for good.</summary>
    /// <exception cref="StoreException">SQLite doesn't do that with this file.</exception>
    public void UseWriteAheadLog(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL";
        // SQLite itself doesn't wait here for another process that does the same; the command tries again.
        command.CommandTimeout = Math.Max(1, (int)busyTimeout.TotalSeconds);
        command.ExecuteNonQuery();
        Verify(connection, "journal_mode", "wal");
    }

    private void Verify(SqliteConnection connection, string pragma, string wanted)
    {
        var found = Ask(connection, $"PRAGMA {pragma}");
        if (found != wanted)
        {
            throw SqliteErrors.Refuse(
                file.Path,
                $"'{pragma}' is '{found}' and must be '{wanted}', else a commit would not be safe. "
                + "The file's file system refuses it, or another program changed it: put the file on a local disk (not NFS, CIFS or 9p).");
        }
    }
}
