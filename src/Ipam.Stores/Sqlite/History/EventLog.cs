using Ipam.Core.Blocks;
using Ipam.Core.History;
using Ipam.Stores.History;
using Ipam.Stores.Sqlite.Files;
using Ipam.Stores.Text;
using Microsoft.Data.Sqlite;

namespace Ipam.Stores.Sqlite.History;

/// <summary>
/// The table to which a commit adds its events, in its own transaction: one row of a few pages that are in memory anyway, whatever the history has come to. From there
/// <see cref="SqliteHistory"/> moves them into the chapters. Where there is no table, no events are written. The table is no part of the schema's versions: older
/// programs leave it alone. Not thread-safe.
/// </summary>
internal sealed class EventLog
{
    private const int PageSize = 4096;

    private readonly EventWriter _events = new();
    private readonly Statement _add;
    private readonly Statement _first;
    private readonly Statement _remove;
    private readonly Statement _removeAllBut;

    private EventLog(Statements statements)
    {
        _add = statements.Prepare("INSERT INTO history_log (id, events) VALUES (?1, ?2)");
        _first = statements.Prepare("SELECT id, events FROM history_log ORDER BY id LIMIT ?1");
        _remove = statements.Prepare("DELETE FROM history_log WHERE id <= ?1");
        _removeAllBut = statements.Prepare("DELETE FROM history_log WHERE id <= (SELECT id FROM history_log ORDER BY id DESC LIMIT 1 OFFSET ?1)");
    }

    /// <summary>Makes the table where it is missing.</summary>
    // id: the store's revision, which never comes again in a file, so that what is removed is what was read.
    public static void Create(SqliteConnection connection) =>
        ConnectionSource.Run(connection, """
        CREATE TABLE IF NOT EXISTS history_log (id INTEGER NOT NULL PRIMARY KEY, events BLOB NOT NULL) STRICT
        """);

    /// <summary>Takes the table away, with what is in it.</summary>
    public static void Drop(SqliteConnection connection) => ConnectionSource.Run(connection, """DROP TABLE IF EXISTS history_log""");

    /// <summary>The log of a connection; null if the file has none.</summary>
    public static EventLog? Find(Statements statements) =>
        ConnectionSource.Ask(statements.Connection, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'history_log'") == "0" ? null : new EventLog(statements);

    /// <summary>Adds the events of a commit, and returns how many pages they take.</summary>
    /// <param name="revision">The commit's revision.</param>
    /// <param name="changes">The changes, as they are written.</param>
    /// <param name="endedAt">When leases ended.</param>
    /// <param name="begunAt">When leases began.</param>
    public int Add(long revision, IReadOnlyList<BlockChange> changes, DateTimeOffset endedAt, DateTimeOffset begunAt)
    {
        _events.Clear();
        foreach (var change in changes)
            _events.Write(change, endedAt.ToUnixTimeMilliseconds(), begunAt.ToUnixTimeMilliseconds());
        if (_events.Written.IsEmpty)
            return 0;
        _add.Bind(1, revision).Bind(2, _events.Written).Execute();
        return 1 + _events.Written.Length / PageSize;
    }

    /// <summary>All events.</summary>
    public List<LeaseEvent> All() => First(commits: -1, int.MaxValue).Events;

    /// <summary>The oldest events, of so many commits and about so many events at most, and the last revision of these.</summary>
    public (long Last, List<LeaseEvent> Events) First(int commits, int most)
    {
        var (last, events, strings) = (0L, new List<LeaseEvent>(), new StringPool());
        _first.Bind(1, commits).Each(row =>
        {
            if (events.Count >= most)
                return;
            last = row.Integer(0);
            events.AddRange(EventReader.ReadAll(row.Bytes(1), strings));
        });
        return (last, events);
    }

    /// <summary>Removes all events but those of the newest so many commits.</summary>
    public void RemoveAllBut(int commits) => _removeAllBut.Bind(1, commits).Execute();

    /// <summary>Removes the events up to a revision.</summary>
    public void Remove(long revision) => _remove.Bind(1, revision).Execute();
}
