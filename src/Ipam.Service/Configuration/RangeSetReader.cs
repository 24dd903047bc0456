using System.Text.Json;
using Cni.Protocol;
using Ipam.Core.Addresses;
using Ipam.Core.Pools;

namespace Ipam.Service.Configuration;

/// <summary>Reads all sets of ranges in host-local's order: <c>runtimeConfig.ipRanges</c>, the old single range, then <c>ranges</c>.</summary>
internal static class RangeSetReader
{
    public static IReadOnlyList<IReadOnlyList<AllocationRange>> Read(NetworkConfiguration network, JsonElement ipam)
    {
        List<AddressRange> excluded = [.. ExclusionReader.Read(ipam, "ipam")];
        var sets = new List<List<RangeDraft>>();
        ReadSets(network.RuntimeConfig?.GetArray("ipRanges"), "runtimeConfig.ipRanges", isOurs: false, excluded, sets);
        ReadSingle(ipam, excluded, sets);
        ReadSets(ipam.GetArray("ranges"), "ipam.ranges", isOurs: true, excluded, sets);
        if (sets.Count == 0 && (ipam.GetArray("pools")?.GetArrayLength() ?? 0) == 0)
            throw InvalidConfiguration.Because("no IP ranges specified; give \"subnet\", \"ranges\" or \"pools\" in ipam");
        CheckFamilies(sets.Select(static set => FamilyOf(set[0])), network.Version);
        return WithoutGateways(sets);
    }

    private static void ReadSingle(JsonElement ipam, List<AddressRange> excluded, List<List<RangeDraft>> sets)
    {
        if (!string.IsNullOrEmpty(ipam.GetText("subnet")))
        {
            sets.Add([RangeReader.Read(ipam, excluded, "ipam")]);
            return;
        }
        foreach (var key in (ReadOnlySpan<string>)["rangeStart", "rangeEnd", "gateway"])
        {
            if (ipam.GetText(key) is { Length: > 0 } text)
            {
                throw InvalidConfiguration.Because(
                    $"ipam: {key} {text} is given without \"subnet\"; give the subnet beside it, or move both into \"ranges\"");
            }
        }
    }

    /// <param name="json">The array.</param>
    /// <param name="where">What to call it in messages.</param>
    /// <param name="isOurs">Whether it is inside <c>ipam</c>, where a key that isn't known is an error.</param>
    /// <param name="excluded">What no range hands out.</param>
    /// <param name="sets">Where the sets go.</param>
    private static void ReadSets(JsonElement? json, string where, bool isOurs, List<AddressRange> excluded, List<List<RangeDraft>> sets)
    {
        if (json is not { } array)
            return;
        var number = 0;
        foreach (var set in array.EnumerateArray())
            sets.Add(ReadSet(set, $"range set {number++} of {where}", isOurs, excluded));
    }

    private static List<RangeDraft> ReadSet(JsonElement json, string where, bool isOurs, List<AddressRange> excluded)
    {
        if (json.ValueKind != JsonValueKind.Array)
            throw InvalidConfiguration.Because($"{where}: a set is a list of ranges, [{{\"subnet\": ...}}], found {json.GetRawText()}");
        var ranges = new List<RangeDraft>();
        foreach (var range in json.EnumerateArray())
        {
            if (range.ValueKind != JsonValueKind.Object)
                throw InvalidConfiguration.Because($"{where}: a range is an object, {{\"subnet\": ...}}, found {range.GetRawText()}");
            if (isOurs)
                RangeReader.CheckKeys(range, where);
            ranges.Add(RangeReader.Read(range, excluded, where));
        }
        Check(ranges, where);
        return ranges;
    }

    private static void Check(List<RangeDraft> ranges, string where)
    {
        if (ranges.Count == 0)
            throw InvalidConfiguration.Because($"{where}: empty range set; give it a range, or leave it out");
        for (var i = 0; i < ranges.Count; i++)
        {
            if (FamilyOf(ranges[i]) != FamilyOf(ranges[0]))
            {
                throw InvalidConfiguration.Because(
                    $"{where}: mixed address families: {ranges[0].Subnet} and {ranges[i].Subnet}; give each family a set of its own");
            }
            for (var j = 0; j < i; j++)
            {
                if (ranges[i].Bounds.Overlaps(ranges[j].Bounds))
                {
                    throw InvalidConfiguration.Because(
                        $"{where}: ranges {ranges[j]} and {ranges[i]} overlap; make them one, or put them into different sets");
                }
            }
        }
    }

    /// <summary>Results below 0.3.0 have room for one address of each family. Takes the families of the sets.</summary>
    public static void CheckFamilies(IEnumerable<IpFamily> families, CniVersion version)
    {
        if (version < new CniVersion(0, 3, 0) && families.GroupBy(static family => family).Any(static sets => sets.Count() > 1))
        {
            throw InvalidConfiguration.Because(
                $"CNI version {version} does not support more than 1 address per family; use 0.3.0 or newer");
        }
    }

    /// <summary>Sets may overlap. What is a gateway in one of them is not handed out from another.</summary>
    private static List<AllocationRange>[] WithoutGateways(List<List<RangeDraft>> sets)
    {
        var gateways = new List<AddressRange>();
        foreach (var range in sets.SelectMany(static set => set))
        {
            if (range.Gateway is { } gateway)
                gateways.Add(new AddressRange(gateway, gateway));
        }
        return [.. sets.Select(set => set.ConvertAll(range => range.Without(gateways)))];
    }

    private static IpFamily FamilyOf(RangeDraft range) => range.Subnet.Address.Family;
}
