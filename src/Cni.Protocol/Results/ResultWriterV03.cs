namespace Cni.Protocol;

/// <summary>
/// Results of 0.3.0, 0.3.1 and 0.4.0. Addresses say their family, <c>dns</c> is always there. Routes have the keys of 1.1.0, as the
/// reference library, which has one type for them, writes them.
/// </summary>
internal static class ResultWriterV03
{
    public static void Write(JsonOutput json, CniResult result, CniVersion version)
    {
        json.Write("cniVersion"u8, version.ToString());
        ResultJson.WriteList(json, "interfaces"u8, result.Interfaces, WriteInterface);
        ResultJson.WriteList(json, "ips"u8, result.Ips, WriteIp);
        ResultJson.WriteList(json, "routes"u8, result.Routes, WriteRoute);
        WriteDns(json, result.Dns);
    }

    /// <summary><c>dns</c>, be it <c>{}</c>: what 0.1.0 to 0.4.0 have in common.</summary>
    public static void WriteDns(JsonOutput json, CniDns dns)
    {
        json.StartObject("dns"u8);
        ResultJson.WriteTexts(json, "nameservers"u8, dns.Nameservers);
        ResultJson.WriteText(json, "domain"u8, dns.Domain);
        ResultJson.WriteTexts(json, "search"u8, dns.Search);
        ResultJson.WriteTexts(json, "options"u8, dns.Options);
        json.EndObject();
    }

    private static void WriteInterface(JsonOutput json, CniInterface item)
    {
        json.Write("name"u8, item.Name);
        ResultJson.WriteText(json, "mac"u8, item.Mac);
        ResultJson.WriteText(json, "sandbox"u8, item.Sandbox);
    }

    private static void WriteIp(JsonOutput json, CniIp ip)
    {
        json.Write("version"u8, ip.IsV4 ? "4" : "6");
        if (ip.Interface is { } index)
            json.Write("interface"u8, index);
        json.Write("address"u8, new CniPrefix(ip.Address, ip.PrefixLength).ToString());
        ResultJson.WriteAddress(json, "gateway"u8, ip.Gateway);
    }

    private static void WriteRoute(JsonOutput json, CniRoute route)
    {
        json.Write("dst"u8, route.Dst.ToString());
        ResultJson.WriteAddress(json, "gw"u8, route.Gw);
        ResultJson.WriteNumber(json, "mtu"u8, route.Mtu);
        ResultJson.WriteNumber(json, "advmss"u8, route.AdvMss);
        ResultJson.WriteNumber(json, "priority"u8, route.Priority);
        if (route.Table is { } table)
            json.Write("table"u8, table);
        if (route.Scope is { } scope)
            json.Write("scope"u8, scope);
    }
}
