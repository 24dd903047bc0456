using System.Text.Json;

namespace Cni.Protocol;

/// <summary>Results of 0.1.0 and 0.2.0: one address of each family, its routes with it.</summary>
internal static class ResultWriterV01
{
    public static void Write(Utf8JsonWriter json, CniResult result, CniVersion version)
    {
        if (result.Ips.Count == 0)
        {
            throw new CniException(CniErrorCode.Internal, "cannot convert: no valid IP addresses",
                $"a result of version {version} needs at least one");
        }
        json.WriteString("cniVersion"u8, version.ToString());
        WriteFamily(json, "ip4"u8, result, v4: true);
        WriteFamily(json, "ip6"u8, result, v4: false);
        ResultWriterV03.WriteDns(json, result.Dns);
    }

    private static void WriteFamily(Utf8JsonWriter json, ReadOnlySpan<byte> key, CniResult result, bool v4)
    {
        if (result.Ips.FirstOrDefault(ip => ip.IsV4 == v4) is not { } first)
            return;
        json.WriteStartObject(key);
        json.WriteString("ip"u8, new CniPrefix(first.Address, first.PrefixLength).ToString());
        ResultJson.WriteAddress(json, "gateway"u8, first.Gateway);
        ResultJson.WriteList(json, "routes"u8, [.. result.Routes.Where(route => route.Dst.IsV4 == v4)], WriteRoute);
        json.WriteEndObject();
    }

    private static void WriteRoute(Utf8JsonWriter json, CniRoute route)
    {
        json.WriteString("dst"u8, route.Dst.ToString());
        ResultJson.WriteAddress(json, "gw"u8, route.Gw);
    }
}
