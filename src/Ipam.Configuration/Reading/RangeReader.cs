using System.Text.Json;
using Cni.Protocol;
using Ipam.Configuration.Keys;
using Ipam.Core.Pools;

namespace Ipam.Configuration.Reading;

/// <summary>Reads one range by host-local's keys and our own: <c>{subnet, rangeStart, rangeEnd, gateway, exclude, skipEdges, allowOutside}</c>.</summary>
internal static class RangeReader
{
    private static readonly KnownKeys Keys = new("subnet", "rangeStart", "rangeEnd", "gateway", "exclude", "skipEdges", "allowOutside");

    /// <summary>Refuses an object with keys that a range doesn't have.</summary>
    public static void CheckKeys(JsonElement json, string where) => Keys.Check(json, where);

    /// <summary>Reads the range in an object, which may have other keys, too. Throws <see cref="FormatException"/>.</summary>
    public static PoolRange Read(JsonElement json, string where)
    {
        var range = new RangeForm
        {
            Subnet = json.GetText("subnet"),
            RangeStart = json.GetText("rangeStart"),
            RangeEnd = json.GetText("rangeEnd"),
            Gateway = json.GetText("gateway"),
            Exclude = json.GetTexts("exclude") ?? [],
            SkipEdges = json.GetFlag("skipEdges") ?? false,
            AllowOutside = json.GetFlag("allowOutside") ?? false,
        }.Read(where);
        return range.Check(where) is { } problem ? throw new FormatException(problem) : range;
    }
}
