using Ipam.Core.Blocks;
using Ipam.Core.History;
using Ipam.Core.Stores;
using Ipam.Stores.Sqlite.Files;
using Microsoft.Data.Sqlite;

namespace Ipam.Stores.Sqlite.History;

/// <summary>
/// What a node itself did to leases, in a file of its own: for a store that can't write it in the commit. It is written after the commit and before anybody is answered,
/// and outlives the process; not the machine's crash, which few containers outlive. Safe for use by several threads at once.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="bounds">How much is kept.</param>
/// <param name="time">The clock.</param>
public sealed class NodeHistory(string path, HistoryBounds bounds, TimeProvider time) : ILeaseHistory, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConnectionSource _connections = new(new DatabaseFile(path), Patience);
    private readonly SqliteHistory _history = new(new ConnectionSource(new DatabaseFile(path), Patience), bounds, Patience, time);
    private readonly Lock _writing = new();
    private Statements? _statements;
    private EventLog? _log;
    private long _last;

    /// <summary>The file of a node.</summary>
    /// <param name="spool">The node's spool folder; the file is beside it.</param>
    public static string PathBeside(string spool) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(spool)) ?? "/", "history.db");

    /// <summary>
    /// Adds the events of changes that the store has written. What ended is noted as over when it was asked to, and what began as begun now: whatever the store took for
    /// it, no lease seems to overlap one that another node noted.
    /// </summary>
    /// <param name="written">The changes.</param>
    /// <param name="askedAt">When the store was asked to write them.</param>
    /// <exception cref="StoreException">They can't be written. The next ones are tried anew.</exception>
    public void Add(IReadOnlyList<BlockChange> written, DateTimeOffset askedAt)
    {
        lock (_writing)
        {
            try
            {
                _log ??= Open();
                // It grows, whatever was removed meanwhile, and over a restart.
                var now = time.GetUtcNow();
                _last = Math.Max(_last + 1, now.ToUnixTimeMilliseconds() * 1000);
                _log.Add(_last, written, askedAt, now);
            }
            catch (Exception e)
            {
                Close();
                throw e as StoreException ?? SqliteErrors.Of(e, path, "write the history");
            }
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<LeaseEvent>> FindAsync(HistoryQuestion question, CancellationToken cancellationToken) =>
        // Where nothing was noted yet there is no file.
        RunAsync<IReadOnlyList<LeaseEvent>>("read the history", () => File.Exists(path) ? _history.Find(question) : [], cancellationToken);

    /// <inheritdoc/>
    public Task TidyAsync(CancellationToken cancellationToken) => RunAsync(
        "tidy the history",
        () =>
        {
            if (File.Exists(path))
                _history.Tidy(cancellationToken);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_writing)
            Close();
    }

    private EventLog Open()
    {
        _connections.File.CreateIfMissing();
        using (var connection = _connections.OpenBare())
        {
            _connections.UseWriteAheadLog(connection);
            EventLog.Create(connection);
        }
        _statements = new Statements(_connections.Open(readOnly: false));
        // Nobody is to wait for the disk: what was written outlives the process all the same.
        ConnectionSource.Run(_statements.Connection, "PRAGMA synchronous = OFF");
        return EventLog.Find(_statements)!;
    }

    private void Close()
    {
        _log = null;
        _statements?.Dispose();
        _statements = null;
    }

    private async Task<T> RunAsync<T>(string doing, Func<T> work, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(work, cancellationToken);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw SqliteErrors.Of(e, path, doing);
        }
    }
}
