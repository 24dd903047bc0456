using Ipam.Core.History;
using Ipam.Stores.Sqlite.Files;

namespace Ipam.Stores.Sqlite.History;

/// <summary>
/// The history of a file: commits add their events to a table of it, and these are moved into <see cref="Chapters"/> beside it. So the database stays small, a commit
/// writes next to nothing more, and what sorts the events by address works beside the commits. Safe for use by several threads at once.
/// </summary>
/// <param name="connections">Opens the database.</param>
/// <param name="bounds">How much is kept.</param>
/// <param name="patience">How long to wait for others' commits.</param>
/// <param name="time">The clock.</param>
internal sealed class SqliteHistory(ConnectionSource connections, HistoryBounds bounds, TimeSpan patience, TimeProvider time)
{
    /// <summary>Commits whose events are moved in one go. The database is locked for as long as it takes to delete so many rows.</summary>
    private const int AtOnce = 200;

    /// <summary>So often at most in one turn.</summary>
    private const int MostTimes = 50;

    private readonly Lock _moving = new();
    private readonly Chapters _chapters = new($"{connections.File.Path}-history", bounds, time);

    /// <summary>Makes the table to which commits add their events; or takes it away, if none are to be written.</summary>
    public void Prepare()
    {
        using var connection = connections.Open(readOnly: false);
        if (bounds.Keep is not null)
        {
            EventLog.Create(connection);
            return;
        }
        while (Move())
        {
            // What was written is kept.
        }
        EventLog.Drop(connection);
    }

    /// <summary>The events of the leases that are asked for, whenever they were held.</summary>
    public List<LeaseEvent> Find(HistoryQuestion question)
    {
        // First: what is moved meanwhile is found in both.
        using var statements = new Statements(connections.Open(readOnly: true));
        var recent = EventLog.Find(statements)?.First(-1).Events ?? [];
        return [.. _chapters.Find(question), .. recent.Where(one => question.Matches(one.Lease))];
    }

    /// <summary>Moves events into the chapters, and deletes chapters that are too old.</summary>
    public void Tidy(CancellationToken cancellationToken)
    {
        if (bounds.Keep is null)
            return;
        for (var i = 0; i < MostTimes && !cancellationToken.IsCancellationRequested && Move(); i++)
        {
            // The rest goes in the next turn.
        }
        _chapters.Tidy();
    }

    /// <summary>Moves the oldest events into the chapters; false if there are none. Killed in between, some are moved twice, which changes nothing.</summary>
    private bool Move()
    {
        lock (_moving)
        {
            using var statements = new Statements(connections.Open(readOnly: false));
            if (EventLog.Find(statements) is not { } log)
                return false;
            var transaction = new WriteTransaction(statements, patience);
            var (last, events) = log.First(AtOnce);
            if (events.Count == 0)
                return false;
            _chapters.Append(events);
            transaction.Begin();
            try
            {
                log.Remove(last);
                transaction.Commit();
            }
            finally
            {
                transaction.Undo();
            }
            return true;
        }
    }
}
