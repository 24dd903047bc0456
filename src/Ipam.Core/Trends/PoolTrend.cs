using System.IO.Compression;
using Ipam.Core.Pools;

namespace Ipam.Core.Trends;

/// <summary>How a pool's use went by the hour for a quarter, for each family of addresses. A small text keeps it in the store. Not thread-safe.</summary>
public sealed class PoolTrend
{
    private const byte Form = 1;

    /// <summary>More than any trend has: two families of one number for each step, and no number has more than ten bytes.</summary>
    private const int MostBytes = 64 * 1024;

    private readonly UseSeries?[] _families = new UseSeries?[2];

    /// <summary>How its IPv4 addresses were used; null if it has none.</summary>
    public UseSeries? V4 => _families[0];

    /// <summary>How its IPv6 addresses were used; null if it has none.</summary>
    public UseSeries? V6 => _families[1];

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
            forecasts.Add(new Forecaster(V4 ?? Hours(), four, now).Forecast());
        if (usage.V6 is { } six)
            forecasts.Add(new Forecaster(V6 ?? Hours(), six, now).Forecast());
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
                writer.Write(family is not null);
                family?.Write(writer);
            }
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
            for (var i = 0; i < trend._families.Length; i++)
            {
                if (reader.ReadBoolean())
                    (trend._families[i] = Hours()).Read(reader);
            }
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
            (_families[family] ??= Hours()).Record(now, counted.Used);
        else
            _families[family] = null;
    }

    private static UseSeries Hours() => new(TimeSpan.FromHours(1), 90 * 24);
}
