using System.Diagnostics;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace Ipam.Stores.Sqlite.Files;

/// <summary>
/// The transaction in which a connection writes. Waits for its turn by short, equal pauses: SQLite's own wait asks ever more seldom, so that among processes that write
/// without a pause whoever has waited long gets the file last, or never. Not for several threads at once.
/// </summary>
internal sealed class WriteTransaction
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(1);

    private readonly SqliteConnection _connection;
    private readonly TimeSpan _patience;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _rollback;

    /// <param name="statements">Those of the connection, and what closes these.</param>
    /// <param name="patience">How long to wait for other processes' writes; it is the connection's wait for all else, too.</param>
    public WriteTransaction(Statements statements, TimeSpan patience)
    {
        (_connection, _patience) = (statements.Connection, patience);
        _begin = statements.Prepare("BEGIN IMMEDIATE");
        _commit = statements.Prepare("COMMIT");
        _rollback = statements.Prepare("ROLLBACK");
    }

    /// <summary>Locks the file for the one who writes.</summary>
    /// <exception cref="SqliteException">Others kept it locked for the whole time.</exception>
    public void Begin()
    {
        var start = Stopwatch.GetTimestamp();
        sqlite3_busy_timeout(_connection.Handle, 0);
        try
        {
            while (Stopwatch.GetElapsedTime(start) < _patience)
            {
                if (_begin.TryExecute())
                    return;
                Thread.Sleep(BetweenTries);
            }
            _begin.Execute();
        }
        finally
        {
            sqlite3_busy_timeout(_connection.Handle, (int)_patience.TotalMilliseconds);
        }
    }

    /// <summary>Writes what was done.</summary>
    public void Commit() => _commit.Execute();

    /// <summary>Undoes what was done and isn't committed. After some errors SQLite has done so by itself.</summary>
    public void Undo()
    {
        if (_begin.InTransaction)
            _rollback.Execute();
    }
}
