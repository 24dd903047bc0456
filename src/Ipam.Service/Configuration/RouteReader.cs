using System.Text.Json;
using Cni.Protocol;

namespace Ipam.Service.Configuration;

/// <summary>Reads <c>routes</c>, which go into the result as they are.</summary>
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
            Keys.Check(route, $"route {number++} in ipam");
        }
        return CniResult.ReadRoutes(ipam);
    }
}
