using System.Text.Json;
using Cni.Protocol;
using Ipam.Core.Pools;

namespace Ipam.Service.Configuration;

/// <summary>Reads <c>routes</c>, which go into the result as they are. Throws <see cref="FormatException"/> for what is no route.</summary>
internal static class RouteReader
{
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
        return CniResult.ReadRoutes(ipam);
    }
}
