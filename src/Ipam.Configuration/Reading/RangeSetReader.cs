using System.Text.Json;
using Cni.Protocol;
using Ipam.Configuration.Keys;
using Ipam.Core.Addresses;
using Ipam.Core.Pools;

namespace Ipam.Configuration.Reading;

/// <summary>Reads all sets of ranges in host-local's order: <c>runtimeConfig.ipRanges</c>, the old single range, then <c>ranges</c>.</summary>
internal static class RangeSetReader
{
    private const int MostSets = 64;
    private const int MostRanges = 256;
    private const int MostExcluded = 1024;

    /// <param name="network">The configuration.</param>
    /// <param name="ipam">What it says of addresses.</param>
    /// <param name="podCidrs">The subnets of the node's pods; none where they aren't known yet.</param>
    public static IReadOnlyList<IReadOnlyList<AllocationRange>> Read(NetworkConfiguration network, JsonElement ipam, IReadOnlyList<Prefix> podCidrs)
    {
        var sets = FromRuntime(network);
        ReadSingle(ipam, podCidrs, sets);
        ReadSets(ipam.GetArray("ranges"), "ipam.ranges", isOurs: true, sets);
        if (sets.Count == 0 && !RangeReader.WantsPodCidr(ipam) && (ipam.GetArray("pools")?.GetArrayLength() ?? 0) == 0)
            throw new FormatException("no IP ranges specified; give \"subnet\", \"ranges\" or \"pools\" in ipam");
        var excluded = RangeForm.ReadRanges(ipam.GetTexts("exclude") ?? [], "ipam", "exclude");
        // The single range has them as its own.
        CheckLimits(sets, string.IsNullOrEmpty(ipam.GetText("subnet")) ? excluded.Count : 0);
        return Masked(sets, excluded, network.Version);
    }

    /// <summary>The sets of another form: each range is one, behind those of the runtime.</summary>
    public static IReadOnlyList<IReadOnlyList<AllocationRange>> Read(NetworkConfiguration network, IReadOnlyList<PoolRange> ranges)
    {
        var sets = FromRuntime(network);
        sets.AddRange(ranges.Select(static range => new List<PoolRange> { range }));
        CheckLimits(sets, 0);
        return Masked(sets, [], network.Version);
    }

    private static List<List<PoolRange>> FromRuntime(NetworkConfiguration network)
    {
        var sets = new List<List<PoolRange>>();
        ReadSets(network.RuntimeConfig?.GetArray("ipRanges"), "runtimeConfig.ipRanges", isOurs: false, sets);
        return sets;
    }

    private static IReadOnlyList<IReadOnlyList<AllocationRange>> Masked(List<List<PoolRange>> sets, IReadOnlyList<AddressRange> excluded, CniVersion version)
    {
        CheckFamilies(sets.Select(static set => FamilyOf(set[0])), version);
        List<AddressRange> masked =
        [
            .. excluded,
            // Sets may overlap. What is a gateway in one of them is not handed out from another.
            .. PoolRanges.GatewaysOf(sets.SelectMany(static set => set)),
        ];
        return [.. sets.Select(set => set.ConvertAll(range => range.Without(masked)))];
    }

    private static void CheckLimits(List<List<PoolRange>> sets, int excluded)
    {
        if (sets.Count > MostSets)
            throw new FormatException($"ipam has {sets.Count} range sets, and at most {MostSets} are taken: each is an address of the interface; put ranges into one set, or remove some");
        if (sets.Sum(static set => set.Count) is var ranges && ranges > MostRanges)
            throw new FormatException($"ipam has {ranges} ranges, and at most {MostRanges} are taken; make neighbours one range, or put them into a pool");
        excluded += sets.Sum(static set => set.Sum(static range => range.Excluded.Count));
        if (excluded > MostExcluded)
            throw new FormatException($"ipam has {excluded} exclusions, and at most {MostExcluded} are taken; write neighbours as one range, FIRST-LAST");
    }

    private static void ReadSingle(JsonElement ipam, IReadOnlyList<Prefix> podCidrs, List<List<PoolRange>> sets)
    {
        if (RangeReader.WantsPodCidr(ipam))
        {
            sets.AddRange(podCidrs.Select(subnet => new List<PoolRange> { RangeReader.Read(ipam, "ipam", subnet) }));
            return;
        }
        if (!string.IsNullOrEmpty(ipam.GetText("subnet")))
        {
            sets.Add([RangeReader.Read(ipam, "ipam")]);
            return;
        }
        foreach (var key in (ReadOnlySpan<string>)["rangeStart", "rangeEnd", "gateway"])
        {
            if (ipam.GetText(key) is { Length: > 0 } text)
            {
                throw new FormatException(
                    $"ipam: {key} {text} is given without \"subnet\"; give the subnet beside it, or move both into \"ranges\"");
            }
        }
        foreach (var key in (ReadOnlySpan<string>)["skipEdges", "allowOutside"])
        {
            if (ipam.GetFlag(key) == true)
                throw new FormatException($"ipam: {key} is given without \"subnet\"; give the subnet beside it, or move it into the ranges that it is for");
        }
    }

    /// <param name="json">The array.</param>
    /// <param name="where">What to call it in messages.</param>
    /// <param name="isOurs">Whether it is inside <c>ipam</c>, where a key that isn't known is an error.</param>
    /// <param name="sets">Where the sets go.</param>
    private static void ReadSets(JsonElement? json, string where, bool isOurs, List<List<PoolRange>> sets)
    {
        if (json is not { } array)
            return;
        var number = 0;
        if (array.GetArrayLength() > MostSets)
            throw new FormatException($"{where} has {array.GetArrayLength()} range sets, and at most {MostSets} are taken: each is an address of the interface; put ranges into one set, or remove some");
        foreach (var set in array.EnumerateArray())
            sets.Add(ReadSet(set, $"range set {number++} of {where}", isOurs));
    }

    private static List<PoolRange> ReadSet(JsonElement json, string where, bool isOurs)
    {
        if (json.ValueKind != JsonValueKind.Array)
            throw new FormatException($"{where}: a set is a list of ranges, [{{\"subnet\": ...}}], found {json.GetRawText()}");
        var ranges = new List<PoolRange>();
        if (json.GetArrayLength() > MostRanges)
            throw new FormatException($"{where} has {json.GetArrayLength()} ranges, and at most {MostRanges} are taken; make neighbours one range, or put them into a pool");
        foreach (var range in json.EnumerateArray())
        {
            if (range.ValueKind != JsonValueKind.Object)
                throw new FormatException($"{where}: a range is an object, {{\"subnet\": ...}}, found {range.GetRawText()}");
            if (isOurs)
                RangeReader.CheckKeys(range, where);
            ranges.Add(RangeReader.Read(range, where));
        }
        Check(ranges, where);
        return ranges;
    }

    private static void Check(List<PoolRange> ranges, string where)
    {
        if (ranges.Count == 0)
            throw new FormatException($"{where}: empty range set; give it a range, or leave it out");
        for (var i = 0; i < ranges.Count; i++)
        {
            if (FamilyOf(ranges[i]) != FamilyOf(ranges[0]))
            {
                throw new FormatException(
                    $"{where}: mixed address families: {ranges[0].Subnet} and {ranges[i].Subnet}; give each family a set of its own");
            }
            for (var j = 0; j < i; j++)
            {
                if (ranges[i].Bounds.Overlaps(ranges[j].Bounds))
                {
                    throw new FormatException(
                        $"{where}: ranges {ranges[j].Bounds} and {ranges[i].Bounds} overlap; make them one, or put them into different sets");
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

    private static IpFamily FamilyOf(PoolRange range) => range.Subnet.Address.Family;
}
