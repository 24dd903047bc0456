using System.Text.Json;
using Cni.Protocol;
using Ipam.Configuration.Keys;
using Ipam.Core.Addresses;
using Ipam.Core.Pools;

namespace Ipam.Configuration.Reading;

/// <summary>Reads one range by host-local's keys and our own: <c>{subnet, rangeStart, rangeEnd, gateway, exclude, skipEdges, allowOutside}</c>.</summary>
internal static class RangeReader
{
    private static readonly KnownKeys Keys = new("subnet", "rangeStart", "rangeEnd", "gateway", "exclude", "skipEdges", "allowOutside");

    /// <summary>The word for the subnets of the node's pods.</summary>
    private const string UsePodCidr = "usePodCidr";

    /// <summary>Whether an object has the subnets of the node's pods for its own.</summary>
    public static bool WantsPodCidr(JsonElement json) => json.GetText("subnet") == UsePodCidr;

    /// <summary>Refuses an object with keys that a range doesn't have.</summary>
    public static void CheckKeys(JsonElement json, string where) => Keys.Check(json, where);

    /// <summary>Reads the range in an object, which may have other keys, too. Throws <see cref="FormatException"/>.</summary>
    /// <param name="json">The object.</param>
    /// <param name="where">What to call it in messages.</param>
    /// <param name="podCidr">The subnet to put where the node's is wanted; null where it can't be wanted.</param>
    public static PoolRange Read(JsonElement json, string where, Prefix? podCidr = null)
    {
        if (podCidr is null && WantsPodCidr(json))
            throw new FormatException($"{where}: subnet \"{UsePodCidr}\" stands in ipam itself, where it gives an address of each family that the node has a podCIDR of; move it there");
        var range = new RangeForm
        {
            Subnet = podCidr?.ToString() ?? json.GetText("subnet"),
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
