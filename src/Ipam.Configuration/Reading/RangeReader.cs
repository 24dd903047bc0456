using System.Text.Json;
using Cni.Protocol;
using Ipam.Configuration.Keys;
using Ipam.Core.Pools;

namespace Ipam.Configuration.Reading;

/// <summary>Reads one range by host-local's keys: <c>{subnet, rangeStart, rangeEnd, gateway, exclude}</c>.</summary>
internal static class RangeReader
{
    private static readonly KnownKeys Keys = new("subnet", "rangeStart", "rangeEnd", "gateway", "exclude");

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
        }.Read(where);
        return range.Check(where) is { } problem ? throw new FormatException(problem) : range;
    }
}
