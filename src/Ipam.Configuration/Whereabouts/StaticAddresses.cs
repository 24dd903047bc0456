using System.Text.Json;
using Cni.Protocol;
using Ipam.Configuration.Keys;
using Ipam.Core.Addresses;
using Ipam.Core.Pools;

namespace Ipam.Configuration.Whereabouts;

/// <summary>
/// Reads <c>addresses</c>: those that every container of the configuration gets. Whereabouts writes down for none of them who has it. Here each is a range of one address, so that
/// two containers never have it at a time.
/// </summary>
internal static class StaticAddresses
{
    private static readonly KnownKeys Keys = new("address", "gateway");

    /// <exception cref="FormatException">One is none.</exception>
    public static IReadOnlyList<PoolRange> Read(JsonElement ipam)
    {
        var ranges = new List<PoolRange>();
        if (ipam.GetArray("addresses") is not { } array)
            return ranges;
        foreach (var json in array.EnumerateArray())
        {
            var where = $"address {ranges.Count} in ipam";
            if (json.ValueKind != JsonValueKind.Object)
                throw new FormatException($"{where}: an address is an object, {{\"address\": ...}}, found {json.GetRawText()}");
            Keys.Check(json, where);
            ranges.Add(Read(json, where));
        }
        return ranges;
    }

    private static PoolRange Read(JsonElement json, string where)
    {
        var prefix = RangeForm.ReadPrefix(WhereaboutsRange.Plain(json.GetText("address") ?? ""), where, "address");
        var range = new PoolRange
        {
            Subnet = prefix with { Address = prefix.First },
            First = prefix.Address,
            Last = prefix.Address,
            Gateway = WhereaboutsRange.ReadAddress(json, where, "gateway"),
            HasGatewayByDefault = false,
        };
        return range.Check(where) is { } problem ? throw new FormatException(problem) : range;
    }
}
