using Ipam.Core.History;
using Ipam.Core.Stores;
using Ipam.Stores.Blocks;
using Ipam.Stores.Sqlite.Files;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace Ipam.Stores.Sqlite.History;

/// <summary>
/// The history in a folder: events are added to the newest chapter. The oldest are deleted as a whole, which costs nothing however much is in them. Several processes may
/// work on one folder. Not for several threads at once, but for reading.
/// </summary>
/// <param name="folder">The folder; need not be there.</param>
/// <param name="bounds">How much is kept.</param>
/// <param name="time">The clock.</param>
internal sealed class Chapters(string folder, HistoryBounds bounds, TimeProvider time)
{
    /// <summary>Longer ones would be kept for longer than asked for, shorter ones would make more files to look into.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>A chapter takes at most such a part of the room: so much may be lost at once when there is no more.</summary>
    private const int Part = 16;

    /// <summary>What suits most.</summary>
    private const long UsualBytes = 2L << 30;

    private readonly long _mostBytes = bounds.MostBytes ?? UsualBytes;

    /// <summary>Adds events. When it returns, they are on the disk. Some of them may have been added before.</summary>
    /// <exception cref="StoreException">They can't be.</exception>
    public void Append(IReadOnlyList<LeaseEvent> events)
    {
        var now = time.GetUtcNow();
        var newest = ChapterFile.AllIn(folder).LastOrDefault();
        // One of the future was begun by a clock that was ahead.
        var chapter = newest is not null && now - newest.BegunAt < Longest && newest.Size < _mostBytes / Part ? newest : ChapterFile.Begin(folder, now);
        try
        {
            using var writer = new ChapterWriter(chapter.Open(readOnly: false));
            writer.Append(events);
        }
        catch (SqliteException e)
        {
            if (e.SqliteErrorCode is SQLITE_NOTADB or SQLITE_CORRUPT)
                chapter.SetAside();
            throw SqliteErrors.Describe(e, chapter.Path, "write the history");
        }
    }

    /// <summary>The events of the leases that are asked for, whenever they were held.</summary>
    /// <exception cref="StoreException">A chapter can't be read.</exception>
    public List<LeaseEvent> Find(HistoryQuestion question)
    {
        var events = new List<LeaseEvent>();
        foreach (var chapter in ChapterFile.AllIn(folder))
        {
            try
            {
                using var reader = new ChapterReader(chapter.Open(readOnly: true));
                events.AddRange(reader.Find(question));
            }
            catch (SqliteException e) when (e.SqliteErrorCode == SQLITE_CANTOPEN && !File.Exists(chapter.Path))
            {
                // It was too old, and is gone since the folder was listed.
            }
            catch (Exception e) when (e is SqliteException || StoredData.IsUnreadable(e))
            {
                throw SqliteErrors.Of(e, chapter.Path, "read the history");
            }
        }
        return events;
    }

    /// <summary>Deletes the chapters whose events are all too old, and the oldest when there is no room.</summary>
    public void Tidy()
    {
        var chapters = ChapterFile.AllIn(folder);
        var size = chapters.Sum(static chapter => chapter.Size);
        for (var i = 0; i < chapters.Count - 1 && (size > _mostBytes || chapters[i + 1].BegunAt < time.GetUtcNow() - bounds.Keep); i++)
        {
            size -= chapters[i].Size;
            chapters[i].Delete();
        }
    }
}
