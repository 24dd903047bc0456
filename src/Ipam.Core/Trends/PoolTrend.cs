using System.IO.Compression;
using Ipam.Core.Pools;

namespace Ipam.Core.Trends;

/// <summary>How a pool's use went, for each family of addresses. A small text keeps it in the store. Not thread-safe.</summary>
public sealed class PoolTrend
{
    private const byte Form = 1;

    /// <summary>
    /// Stands before the hours of a family of which minutes follow, behind the hours of both. A program that doesn't know minutes takes it for any family and stops
    /// reading behind the hours; what it wrote has another number, and no minutes.
    /// </summary>
    private const byte WithMinutes = 2;

    /// <summary>More than any trend has: two families of a number for each hour and minute, and no number has more than five bytes.</summary>
    private const int MostBytes = 64 * 1024;

    private readonly FamilyTrend?[] _families = new FamilyTrend?[2];

    /// <summary>How its IPv4 addresses were used; null if it has none.</summary>
    public FamilyTrend? V4 => _families[0];

    /// <summary>How its IPv6 addresses were used; null if it has none.</summary>
    public FamilyTrend? V6 => _families[1];

    /// <summary>Notes how full the pool is now.</summary>
    public void Record(DateTimeOffset now, PoolUsage usage)
    {
        Record(0, now, usage.V4);
        Record(1, now, usage.V6);
    }

    /// <summary>When the pool will be exhausted: its first family that will be.</summary>
    /// <param name="usage">How full it is now.</param>
    /// <param name="now">The present time.</param>
    public UseForecast Forecast(PoolUsage usage, DateTimeOffset now)
    {
        List<UseForecast> forecasts = [];
        if (usage.V4 is { } four)
            forecasts.Add(new Forecaster(V4 ?? new FamilyTrend(), four, now).Forecast());
        if (usage.V6 is { } six)
            forecasts.Add(new Forecaster(V6 ?? new FamilyTrend(), six, now).Forecast());
        return UseForecast.FirstOf(forecasts);
    }

    /// <summary>The text that <see cref="Read"/> reads: letters and digits of Base64.</summary>
    public string ToText()
    {
        using var bytes = new MemoryStream();
        bytes.WriteByte(Form);
        using (var writer = new BinaryWriter(new DeflateStream(bytes, CompressionLevel.Optimal, leaveOpen: true)))
        {
            foreach (var family in _families)
            {
                writer.Write(family is null ? (byte)0 : WithMinutes);
                family?.Hours.Write(writer);
            }
            foreach (var family in _families)
                family?.Minutes.Write(writer);
        }
        return Convert.ToBase64String(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    /// <summary>The trend of a text; null if no program of ours wrote it.</summary>
    public static PoolTrend? Read(string text)
    {
        if (text.Length > MostBytes)
            return null;
        var trend = new PoolTrend();
        try
        {
            var bytes = Convert.FromBase64String(text);
            if (bytes is not [Form, ..])
                return null;
            using var reader = new BinaryReader(new DeflateStream(new MemoryStream(bytes, 1, bytes.Length - 1), CompressionMode.Decompress));
            List<FamilyTrend> withMinutes = [];
            for (var i = 0; i < trend._families.Length; i++)
            {
                var mark = reader.ReadByte();
                if (mark == 0)
                    continue;
                var family = trend._families[i] = new FamilyTrend();
                family.Hours.Read(reader);
                if (mark == WithMinutes)
                    withMinutes.Add(family);
            }
            foreach (var family in withMinutes)
                family.Minutes.Read(reader);
            return trend;
        }
        catch (Exception e) when (e is FormatException or IOException or InvalidDataException)
        {
            return null;
        }
    }

    private void Record(int family, DateTimeOffset now, FamilyUsage? usage)
    {
        if (usage is { } counted)
            (_families[family] ??= new FamilyTrend()).Record(now, counted.Used);
        else
            _families[family] = null;
    }
}
