using System.Buffers.Binary;

namespace EndToEnd.Support;

/// <summary>The field of an SQLite file's header that is the user's (https://sqlite.org/fileformat2.html, section 1.3).</summary>
internal static class SqliteHeader
{
    private const int UserVersionOffset = 60;

    public static int UserVersion(string path)
    {
        Span<byte> field = stackalloc byte[4];
        using var file = File.OpenHandle(path);
        RandomAccess.Read(file, field, UserVersionOffset);
        return BinaryPrimitives.ReadInt32BigEndian(field);
    }

    /// <summary>Writes it. Nobody may have the file open, and there may be no write-ahead log beside it.</summary>
    public static void SetUserVersion(string path, int version)
    {
        Span<byte> field = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(field, version);
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
        RandomAccess.Write(file, field, UserVersionOffset);
    }
}
