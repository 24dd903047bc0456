using System.Globalization;

namespace EndToEnd.Support.Stores;

/// <summary>The process that is writing to an SQLite file: it has the lock on a byte of the file's -shm (sqlite.org/walformat.html, section 2.3.1).</summary>
internal static class SqliteWriter
{
    private const string Scheme = "sqlite:";
    private const int WriteLock = 120;

    /// <summary>Whether there is one, and it is stopped (proc(5), /proc/locks and /proc/PID/stat).</summary>
    public static bool StandsStill(Site site)
    {
        var inode = Command.Run("stat", "-c", "%i", $"{site.Store[Scheme.Length..]}-shm").Trim();
        return File.ReadLines("/proc/locks").Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Any(words => words is [_, "POSIX", _, "WRITE", var process, var file, var first, var last]
                && file.EndsWith($":{inode}", StringComparison.Ordinal) && Number(first) <= WriteLock && (last == "EOF" || Number(last) >= WriteLock)
                && IsStopped(process));
    }

    private static bool IsStopped(string process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[stat.LastIndexOf(')')..].StartsWith(") T ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // It has ended.
            return false;
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
