using Ipam.Stores.Blocks;

namespace Ipam.Stores.Sqlite.Model;

/// <summary>A time as a column: units of 100 ns since the Unix epoch, which loses nothing.</summary>
internal static class UnixTicks
{
    /// <summary>The column's value.</summary>
    public static long Of(DateTimeOffset time) => time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;

    /// <summary>The time, in UTC.</summary>
    /// <exception cref="InvalidDataException">It is no time.</exception>
    public static DateTimeOffset ToTime(long ticks) => StoredData.Time(ticks);
}
