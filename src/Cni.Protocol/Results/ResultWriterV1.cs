namespace Cni.Protocol;

/// <summary>
/// Results of 1.0.0 and 1.1.0. Keys are in alphabetical order, as the reference library writes them; <c>dns</c> and empty lists
/// are left out.
/// </summary>
internal static class ResultWriterV1
{
    public static void Write(JsonOutput json, CniResult result, CniVersion version)
    {
        json.Write("cniVersion"u8, version.ToString());
        if (!result.Dns.IsEmpty)
            WriteDns(json, result.Dns);
        ResultJson.WriteList(json, "interfaces"u8, result.Interfaces, WriteInterface);
        ResultJson.WriteList(json, "ips"u8, result.Ips, WriteIp);
        ResultJson.WriteList(json, "routes"u8, result.Routes, WriteRoute);
    }

    private static void WriteDns(JsonOutput json, CniDns dns)
    {
        json.StartObject("dns"u8);
        ResultJson.WriteText(json, "domain"u8, dns.Domain);
        ResultJson.WriteTexts(json, "nameservers"u8, dns.Nameservers);
        ResultJson.WriteTexts(json, "options"u8, dns.Options);
        ResultJson.WriteTexts(json, "search"u8, dns.Search);
        json.EndObject();
    }

    private static void WriteInterface(JsonOutput json, CniInterface item)
    {
        ResultJson.WriteText(json, "mac"u8, item.Mac);
        ResultJson.WriteNumber(json, "mtu"u8, item.Mtu);
        json.Write("name"u8, item.Name);
        ResultJson.WriteText(json, "pciID"u8, item.PciId);
        ResultJson.WriteText(json, "sandbox"u8, item.Sandbox);
        ResultJson.WriteText(json, "socketPath"u8, item.SocketPath);
    }

    private static void WriteIp(JsonOutput json, CniIp ip)
    {
        json.Write("address"u8, new CniPrefix(ip.Address, ip.PrefixLength).ToString());
        ResultJson.WriteAddress(json, "gateway"u8, ip.Gateway);
        if (ip.Interface is { } index)
            json.Write("interface"u8, index);
    }

    private static void WriteRoute(JsonOutput json, CniRoute route)
    {
        ResultJson.WriteNumber(json, "advmss"u8, route.AdvMss);
        json.Write("dst"u8, route.Dst.ToString());
        ResultJson.WriteAddress(json, "gw"u8, route.Gw);
        ResultJson.WriteNumber(json, "mtu"u8, route.Mtu);
        ResultJson.WriteNumber(json, "priority"u8, route.Priority);
        if (route.Scope is { } scope)
            json.Write("scope"u8, scope);
        if (route.Table is { } table)
            json.Write("table"u8, table);
    }
}
