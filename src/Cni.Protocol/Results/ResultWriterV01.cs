namespace Cni.Protocol;

/// <summary>Results of 0.1.0 and 0.2.0: one address of each family, its routes with it.</summary>
internal static class ResultWriterV01
{
    public static void Write(JsonOutput json, CniResult result, CniVersion version)
    {
        if (result.Ips.Count == 0)
        {
            throw new CniException(CniErrorCode.Internal, "cannot convert: no valid IP addresses",
                $"a result of version {version} needs at least one");
        }
        json.Write("cniVersion"u8, version.ToString());
        WriteFamily(json, "ip4"u8, result, v4: true);
        WriteFamily(json, "ip6"u8, result, v4: false);
        ResultWriterV03.WriteDns(json, result.Dns);
    }

    private static void WriteFamily(JsonOutput json, ReadOnlySpan<byte> key, CniResult result, bool v4)
    {
        if (result.Ips.FirstOrDefault(ip => ip.IsV4 == v4) is not { } first)
            return;
        json.StartObject(key);
        json.Write("ip"u8, new CniPrefix(first.Address, first.PrefixLength).ToString());
        ResultJson.WriteAddress(json, "gateway"u8, first.Gateway);
        ResultJson.WriteList(json, "routes"u8, [.. result.Routes.Where(route => route.Dst.IsV4 == v4)], WriteRoute);
        json.EndObject();
    }

    private static void WriteRoute(JsonOutput json, CniRoute route)
    {
        json.Write("dst"u8, route.Dst.ToString());
        ResultJson.WriteAddress(json, "gw"u8, route.Gw);
    }
}
