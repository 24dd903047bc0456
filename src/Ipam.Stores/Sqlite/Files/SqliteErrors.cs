using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using static SQLitePCL.raw;

namespace Ipam.Stores.Sqlite.Files;

/// <summary>Puts SQLite's errors into words.</summary>
internal static class SqliteErrors
{
    private const string Contradiction =
        "The file was edited by another program, or is damaged; stop all users of it and check it with 'sqlite3 FILE \"PRAGMA integrity_check\"'.";

    /// <summary>What to throw instead of <paramref name="error"/>; null if it isn't about the file.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="path">The database's file.</param>
    /// <param name="doing">What was tried, to complete "failed to ...".</param>
    /// <param name="isUsable">Whether the store was open, so that it isn't the caller's fault.</param>
    public static StoreException? TryDescribe(Exception error, string path, string doing, bool isUsable) => error switch
    {
        SqliteException e => Describe(e, path, doing),
        DbUpdateException { InnerException: SqliteException e } => Describe(e, path, doing),
        StoreException or OperationCanceledException or ArgumentException => null,
        not null when isUsable || error is InvalidDataException => Describe(error, path, doing),
        _ => null,
    };

    /// <summary>What to throw instead of <paramref name="error"/>.</summary>
    /// <param name="error">What SQLite threw.</param>
    /// <param name="path">The database's file.</param>
    /// <param name="doing">What was tried, to complete "failed to ...".</param>
    public static StoreException Describe(SqliteException error, string path, string doing) =>
        new($"SQLite store {path}: failed to {doing}: {error.Message.TrimEnd('.')}. {Advice(error)}", error)
        {
            IsPermanent = error.SqliteErrorCode is SQLITE_NOTADB,
        };

    /// <summary>What to throw instead of <paramref name="error"/>, whatever it is.</summary>
    public static StoreException Of(Exception error, string path, string doing) =>
        error is SqliteException e ? Describe(e, path, doing) : Describe(error, path, doing);

    /// <summary>What to throw instead of <paramref name="error"/>, which is about what no program of ours wrote, or about the machine.</summary>
    public static StoreException Describe(Exception error, string path, string doing) =>
        new($"SQLite store {path}: failed to {doing}: {error.Message.TrimEnd('.')}. {(error is InvalidDataException ? Contradiction : "Check the file, its folder and its disk.")}", error);

    /// <summary>What to say of rows that can't be read, so that everything else is served.</summary>
    public static DamagedBlock Damaged(string path, BlockId? id, string what, Exception e) => new(
        id,
        $"{what} in SQLite store {path} is damaged: {e.Message.TrimEnd('.')}; "
        + "look at its rows in the tables blocks and leases with the sqlite3 shell, and correct or delete them");

    /// <summary>What to throw about a file that this program can't work with, now or later.</summary>
    public static StoreException Refuse(string path, string why) => new($"SQLite store {path}: {why}") { IsPermanent = true };

    private static string Advice(SqliteException error) => error.SqliteErrorCode switch
    {
        SQLITE_BUSY or SQLITE_LOCKED =>
            "Another process keeps the file locked; find it with 'fuser' or 'lsof' and end its transaction, then try again.",
        SQLITE_READONLY or SQLITE_PERM or SQLITE_AUTH =>
            "The file, its folder or the file system is read-only for this user; check the mount, owner and mode.",
        SQLITE_FULL => "The disk is full; make room on it, then try again. What was committed before is safe.",
        SQLITE_CANTOPEN =>
            "The file, or the -wal and -shm files beside it, can't be opened or made; check that the folder belongs to this user and isn't read-only.",
        SQLITE_NOTADB => "The file is not an SQLite database; name another file, or move this one away to start with an empty store.",
        SQLITE_CORRUPT => "The file is damaged; stop all users of it, save a copy with its -wal file and try 'sqlite3 FILE .recover'.",
        SQLITE_IOERR => "The disk reported an error; look at the kernel's log (dmesg) before trusting this disk again.",
        SQLITE_CONSTRAINT => Contradiction,
        _ => "See https://sqlite.org/rescode.html for the code.",
    };
}
