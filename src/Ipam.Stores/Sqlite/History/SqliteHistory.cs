using System.Diagnostics;
using Ipam.Core.History;
using Ipam.Core.Stores;
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
/// <param name="mostWaiting">Of how many commits events wait in the database at most, while they can't be moved.</param>
internal sealed class SqliteHistory(ConnectionSource connections, HistoryBounds bounds, TimeSpan patience, TimeProvider time, int mostWaiting = 50_000)
{
    /// <summary>Commits whose events are moved in one go. The database is locked for as long as it takes to delete so many rows.</summary>
    private const int CommitsAtOnce = 1_000;

    /// <summary>About so many events are moved in one go: the more there are, the more of them lie side by side.</summary>
    private const int EventsAtOnce = 10_000;

    /// <summary>How much longer than the work is the pause behind it, while there is more: those who wait for an address need the processor, too.</summary>
    private const int Pause = 3;

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
        while (Move() > 0)
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
        var recent = EventLog.Find(statements)?.All() ?? [];
        return [.. _chapters.Find(question), .. recent.Where(one => question.Matches(one.Lease))];
    }

    /// <summary>Moves events into the chapters, and deletes chapters that are too old.</summary>
    public void Tidy(CancellationToken cancellationToken)
    {
        if (bounds.Keep is null)
            return;
        var start = Stopwatch.GetTimestamp();
        while (Move() >= CommitsAtOnce && !cancellationToken.WaitHandle.WaitOne(Pause * Stopwatch.GetElapsedTime(start)))
            start = Stopwatch.GetTimestamp();
        _chapters.Tidy();
    }

    /// <summary>Moves the oldest events into the chapters, and says how many. Killed in between, some are moved twice, which changes nothing.</summary>
    private int Move()
    {
        lock (_moving)
        {
            using var statements = new Statements(connections.Open(readOnly: false));
            if (EventLog.Find(statements) is not { } log)
                return 0;
            var transaction = new WriteTransaction(statements, patience);
            var (last, events) = log.First(CommitsAtOnce, EventsAtOnce);
            if (events.Count == 0)
                return 0;
            try
            {
                _chapters.Append(events);
            }
            catch (StoreException)
            {
                Remove(transaction, () => log.RemoveAllBut(mostWaiting));
                throw;
            }
            Remove(transaction, () => log.Remove(last));
            return events.Count;
        }
    }

    private static void Remove(WriteTransaction transaction, Action remove)
    {
        transaction.Begin();
        try
        {
            remove();
            transaction.Commit();
        }
        finally
        {
            transaction.Undo();
        }
    }
}
