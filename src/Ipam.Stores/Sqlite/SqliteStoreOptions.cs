using Ipam.Core.History;

namespace Ipam.Stores.Sqlite;

/// <summary>What can be set about a <see cref="SqliteStore"/>; the defaults suit every known use.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>How long to wait for another process's write before giving up. SQLite can't be interrupted in this wait.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Blocks read in one go, and thus of one instant, by a listing.</summary>
    public int BlocksPerPage { get; init; } = 32;

    /// <summary>Pages of the write-ahead log, of 4 KiB each, after which it is brought into the database.</summary>
    public int PagesPerCheckpoint { get; init; } = 4_000;

    /// <summary>
    /// Whether the file must be there with the schema of this program: opening then makes no file and upgrades none, so that a typo or
    /// a newer program beside an older service does no harm.
    /// </summary>
    public bool MustExist { get; init; }

    /// <summary>How much is kept of which leases there were. With <see cref="MustExist"/> it is as the service has it.</summary>
    public HistoryBounds History { get; init; } = HistoryBounds.Usual;

    /// <summary>The clock that says when something was created and whether a leader's term is over.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
