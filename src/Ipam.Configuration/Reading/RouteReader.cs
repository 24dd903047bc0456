using System.Text.Json;
using Cni.Protocol;
using Ipam.Configuration.Keys;
using Ipam.Core.Addresses;
using Ipam.Core.Pools;

namespace Ipam.Configuration.Reading;

/// <summary>Reads <c>routes</c>, which go into the result as the kernel takes them: without host bits, and with no number that it would cut down. Throws <see cref="FormatException"/> for what is no route.</summary>
internal static class RouteReader
{
    // The kernel cuts larger ones down to these, without a word (ip_metrics_convert).
    private const uint LargestMtu = 65535 - 15;
    private const uint LargestAdvMss = 65535 - 40;

    private static readonly KnownKeys Keys = new("dst", "gw", "mtu", "advmss", "priority", "table", "scope");

    public static IReadOnlyList<CniRoute> Read(JsonElement ipam)
    {
        if (ipam.GetArray("routes") is not { } array)
            return [];
        var number = 0;
        foreach (var route in array.EnumerateArray())
        {
            if (route.ValueKind != JsonValueKind.Object)
                throw InvalidConfiguration.Because($"route {number} in ipam must be an object, {{\"dst\": ...}}, found {route.GetRawText()}");
            var where = $"route {number++} in ipam";
            Keys.Check(route, where);
            new RouteForm(route.GetText("dst"), route.GetText("gw")).Read(where);
        }
        return [.. CniResult.ReadRoutes(ipam).Select(static (route, i) => AsTheKernelTakesIt(route, $"route {i} in ipam"))];
    }

    private static CniRoute AsTheKernelTakesIt(CniRoute route, string where)
    {
        ThrowIfCut(where, "scope", route.Scope, byte.MaxValue);
        ThrowIfCut(where, "mtu", route.Mtu, LargestMtu);
        ThrowIfCut(where, "advmss", route.AdvMss, LargestAdvMss);
        var destination = new Prefix(AddressConversion.ToAddress(route.Dst.Address), route.Dst.Length);
        return destination.HasHostBits ? route with { Dst = route.Dst with { Address = AddressConversion.ToIPAddress(destination.First) } } : route;
    }

    private static void ThrowIfCut(string where, string key, long? value, uint largest)
    {
        if (value < 0 || value > largest)
            throw InvalidConfiguration.Because($"{where}: \"{key}\" is {value}; the kernel takes 0 to {largest}");
    }
}
