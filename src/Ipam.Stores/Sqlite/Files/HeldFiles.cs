using Ipam.Core.Stores;
using Microsoft.Data.Sqlite;

namespace Ipam.Stores.Sqlite.Files;

/// <summary>
/// The database's file and its write-ahead log, held open for as long as the store is. SQLite goes on writing to files that nobody finds any
/// more; what is committed there is gone at the next start.
/// </summary>
internal sealed class HeldFiles : IDisposable
{
    private readonly string _path;
    private readonly HeldFile _database;
    private readonly SqliteConnection _keeper;
    private readonly HeldFile _log;

    /// <summary>Holds the files, which must be set up.</summary>
    /// <exception cref="StoreException">They can't be opened.</exception>
    public HeldFiles(ConnectionSource source)
    {
        _path = source.File.Path;
        try
        {
            // Opened before and closed after SQLite's connections: closing it drops all locks that this process has on the file.
            _database = new HeldFile(_path);
            // As long as it is open, SQLite doesn't delete the log.
            _keeper = source.Open(readOnly: true);
            ConnectionSource.Ask(_keeper, "SELECT count(*) FROM store");
            _log = new HeldFile($"{_path}-wal");
        }
        catch (Exception e)
        {
            _keeper?.Dispose();
            _database?.Dispose();
            if (e is IOException or UnauthorizedAccessException)
                throw new StoreException($"SQLite store {_path}: the file or its -wal file can't be opened: {e.Message}; check owner and mode", e);
            throw;
        }
    }

    /// <summary>Whether both files still are where they were opened.</summary>
    public bool AreInPlace => _database.IsInPlace && _log.IsInPlace;

    /// <summary>Checks that both files still are where they were opened.</summary>
    /// <exception cref="StoreException">One was removed or replaced.</exception>
    public void EnsureInPlace()
    {
        if (!_database.IsInPlace)
            throw Loss(File.Exists(_path) ? "the file was replaced while in use" : "the file was removed while in use; put it back");
        if (!_log.IsInPlace)
            throw Loss("its -wal file was removed or replaced while in use");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _log.Dispose();
        _keeper.Dispose();
        _database.Dispose();
    }

    private StoreException Loss(string what) => new($"SQLite store {_path}: {what}: what was committed to it can't be found any more") { IsLoss = true };
}
