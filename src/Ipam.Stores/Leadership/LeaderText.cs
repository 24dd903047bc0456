using System.Globalization;
using Ipam.Core.Stores;
using Ipam.Stores.Blocks;
using Ipam.Stores.Pools;

namespace Ipam.Stores.Leadership;

/// <summary>A leader's record as a JSON list: holder, seconds of the term, when acquired and when renewed in 100 ns since the Unix epoch, transitions.</summary>
internal static class LeaderText
{
    /// <summary>The text, without the version.</summary>
    public static string Of(LeaderRecord record) => JsonText.Of(json =>
    {
        json.WriteStartArray();
        json.WriteStringValue(record.Holder);
        json.WriteNumberValue((long)record.Term.TotalSeconds);
        json.WriteNumberValue(record.AcquiredAt.UtcTicks - DateTimeOffset.UnixEpoch.Ticks);
        json.WriteNumberValue(record.RenewedAt.UtcTicks - DateTimeOffset.UnixEpoch.Ticks);
        json.WriteNumberValue(record.Transitions);
        json.WriteEndArray();
    });

    /// <summary>The version of a record; 0 for one that the store doesn't have.</summary>
    public static long VersionOf(LeaderRecord record) => long.TryParse(record.Version, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;

    /// <summary>The record under the version after its own.</summary>
    public static LeaderRecord Next(LeaderRecord record) => record with { Version = (VersionOf(record) + 1).ToString(CultureInfo.InvariantCulture) };

    /// <summary>The record in a text; one that nobody holds if the text is none, so that it is replaced.</summary>
    public static LeaderRecord Read(string text, long version)
    {
        var stored = version.ToString(CultureInfo.InvariantCulture);
        try
        {
            return JsonText.Read(text, json => new LeaderRecord(
                json[0].GetString()!, TimeSpan.FromSeconds(json[1].GetInt64()), StoredData.Time(json[2].GetInt64()), StoredData.Time(json[3].GetInt64()), json[4].GetInt32())
            {
                Version = stored,
            });
        }
        catch (Exception e) when (StoredData.IsUnreadable(e))
        {
            return new LeaderRecord("", TimeSpan.Zero, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 0) { Version = stored };
        }
    }
}
