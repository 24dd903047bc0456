using Ipam.Core.Stores;
using Ipam.Stores.Sqlite.Files;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ipam.Stores.Sqlite.Writing;

/// <summary>
/// Brings the write-ahead log into the database, beside the commits and not inside them. Once all of it is there, the log starts anew
/// on the place that it has on the disk, where a commit is faster than at the end of a growing file.
/// </summary>
/// <param name="source">Opens the connection.</param>
/// <param name="writing">What a commit holds. Held only for the last few pages, if commits never pause long enough to do without.</param>
/// <param name="pagesBetween">Pages of the log, at most, from one checkpoint to the next.</param>
/// <param name="time">The clock for the pause after a failure.</param>
internal sealed class Checkpointer(ConnectionSource source, SemaphoreSlim writing, int pagesBetween, TimeProvider time) : IDisposable
{
    private const int MostPasses = 5;

    /// <summary>Another process that is just at it does the same work. It is a fault only if it doesn't come to an end.</summary>
    private const int MostBusyTries = 10;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private SqliteConnection? _connection;
    private Task _running = Task.CompletedTask;
    private int _pages;
    private int _busyTries;
    private volatile StoreException? _fault;

    /// <summary>What went wrong last time; null if nothing did. Nothing is lost then, but the log grows. It is tried again until it succeeds.</summary>
    public StoreException? Fault => _fault;

    /// <summary>Counts the pages that a commit wrote, at most, and starts a checkpoint when there are enough.</summary>
    public void CountPages(int pages)
    {
        lock (_lock)
        {
            _pages += pages;
            if (_pages >= pagesBetween && _running.IsCompleted && !_stopping.IsCancellationRequested)
                _running = RunAsync();
        }
    }

    /// <summary>Waits for what a checkpoint is just doing. It doesn't wait for commits any more, so a commit may wait here.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_stopping.IsCancellationRequested)
                return;
            _stopping.Cancel();
        }
        _running.GetAwaiter().GetResult();
        _connection?.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Tries until it succeeds, or the store is closed.</summary>
    private async Task RunAsync()
    {
        while (!await Task.Factory.StartNew(Checkpoint, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))
        {
            try
            {
                await Task.Delay(Pause, time, _stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Whether it succeeded.</summary>
    private bool Checkpoint()
    {
        try
        {
            _connection ??= source.Open(readOnly: false);
            for (var pass = 0; TakePages() > pagesBetween / 16 && pass < MostPasses; pass++)
                Pass(_connection);
            FinishBetweenCommits(_connection);
            (_fault, _busyTries) = (null, 0);
            return true;
        }
        catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED && ++_busyTries < MostBusyTries)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
        catch (Exception e)
        {
            _fault = e as StoreException ?? SqliteErrors.Of(e, source.File.Path, "bring the write-ahead log into the database");
            // What failed may be the connection's fault.
            _connection?.Dispose();
            _connection = null;
            return false;
        }
    }

    private void FinishBetweenCommits(SqliteConnection connection)
    {
        // WaitAsync gets its turn; Wait would lose it time and again to commits that never pause.
        writing.WaitAsync(_stopping.Token).GetAwaiter().GetResult();
        try
        {
            Pass(connection);
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>The pages counted since the last time.</summary>
    private int TakePages()
    {
        lock (_lock)
        {
            var pages = _pages;
            _pages = 0;
            return pages;
        }
    }

    /// <summary>Takes over what is in the log now; commits meanwhile are for the next pass.</summary>
    private static void Pass(SqliteConnection connection)
    {
        var code = raw.sqlite3_wal_checkpoint_v2(connection.Handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);
        SqliteException.ThrowExceptionForRC(code, connection.Handle);
    }
}
