using System.Globalization;
using Ipam.Stores.Sqlite.Files;
using Microsoft.Data.Sqlite;

namespace Ipam.Stores.Sqlite.History;

/// <summary>
/// A file with a part of the history, called after the time when it was begun. A row is a lease, and not an event: what began and ended in one chapter takes the place
/// of one. A row has the address first, so that an address's leases lie together, however many others there are.
/// </summary>
/// <param name="Path">Where it is.</param>
/// <param name="BegunAt">When it was begun.</param>
internal sealed record ChapterFile(string Path, DateTimeOffset BegunAt)
{
    private const string Ending = ".db";
    private const int ApplicationId = 0x49504148;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly string[] Parts = ["", "-wal", "-shm"];

    /// <summary>Bytes that it takes on the disk.</summary>
    public long Size => Parts.Select(part => new FileInfo(Path + part)).Sum(static file => file.Exists ? file.Length : 0);

    /// <summary>The chapters of a folder, the oldest first.</summary>
    public static List<ChapterFile> AllIn(string folder) =>
    [
        .. (Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*" + Ending) : []).Select(TryOf).OfType<ChapterFile>().OrderBy(static file => file.BegunAt),
    ];

    /// <summary>A chapter that is begun now.</summary>
    public static ChapterFile Begin(string folder, DateTimeOffset now)
    {
        var name = now.ToUnixTimeSeconds().ToString("D12", CultureInfo.InvariantCulture);
        return new ChapterFile(System.IO.Path.Combine(folder, name + Ending), DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()));
    }

    /// <summary>A connection to it. What is not there yet is made, unless it is only to be read.</summary>
    public Statements Open(bool readOnly)
    {
        var source = new ConnectionSource(new DatabaseFile(Path), Patience);
        if (!readOnly)
        {
            source.File.CreateIfMissing();
            using var connection = source.OpenBare();
            source.UseWriteAheadLog(connection);
            Make(connection);
        }
        return new Statements(source.Open(readOnly));
    }

    /// <summary>Deletes it. Who just reads it reads on.</summary>
    public void Delete()
    {
        foreach (var part in Parts)
            File.Delete(Path + part);
    }

    /// <summary>Puts it out of the way, for whoever wants to mend it.</summary>
    public void SetAside()
    {
        foreach (var part in Parts.Where(part => File.Exists(Path + part)))
            File.Move(Path + part, $"{Path}.damaged{part}", overwrite: true);
    }

    // Times: milliseconds; acquired since 1970-01-01 UTC, began and ended since then. A container's id and a UID are blobs where they are digits. by: 0 for the lease's node.
    private static void Make(SqliteConnection connection) => ConnectionSource.Run(connection, string.Create(CultureInfo.InvariantCulture, $"""
        BEGIN IMMEDIATE;
        CREATE TABLE IF NOT EXISTS names (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE IF NOT EXISTS leases (
            address BLOB NOT NULL,
            sequence INTEGER NOT NULL,
            space INTEGER NOT NULL,
            network INTEGER NOT NULL,
            container ANY NOT NULL,
            interface INTEGER NOT NULL,
            entry INTEGER NOT NULL,
            node INTEGER NOT NULL,
            namespace INTEGER,
            pod TEXT,
            uid ANY,
            acquired INTEGER NOT NULL,
            began INTEGER,
            began_why INTEGER,
            began_by INTEGER,
            ended INTEGER,
            ended_why INTEGER,
            ended_by INTEGER,
            evidence TEXT,
            PRIMARY KEY (address, sequence, space)
        ) STRICT, WITHOUT ROWID;
        PRAGMA application_id = {ApplicationId};
        COMMIT;
        """));

    private static ChapterFile? TryOf(string path) =>
        long.TryParse(System.IO.Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? new ChapterFile(path, DateTimeOffset.FromUnixTimeSeconds(seconds))
            : null;
}
