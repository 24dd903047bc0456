namespace EndToEnd.Verbs;

/// <summary>The results of ADD that a network with a route per family and a resolv.conf has in each version, without white space.</summary>
internal static class Shape
{
    public const string AllVersions = "0.1.0 0.2.0 0.3.0 0.3.1 0.4.0 1.0.0 1.1.0";

    private const string Dns = """{"nameservers":["10.1.0.53","fd00:1::53"],"domain":"example.org","search":["example.org","example.net"],"options":["ndots:2"]}""";

    private const string DnsV1 = """{"domain":"example.org","nameservers":["10.1.0.53","fd00:1::53"],"options":["ndots:2"],"search":["example.org","example.net"]}""";

    /// <summary>The result, with or without <c>dns</c>.</summary>
    public static string Of(string version, string families, bool withDns) => version switch
    {
        "0.1.0" or "0.2.0" => $$"""{"cniVersion":"{{version}}",{{Families(families)}},"dns":{{(withDns ? Dns : "{}")}}}""",
        "0.3.0" or "0.3.1" or "0.4.0" =>
            $$"""{"cniVersion":"{{version}}","ips":[{{Ips(families, withVersion: true)}}],"routes":[{{Routes(families)}}],"dns":{{(withDns ? Dns : "{}")}}}""",
        _ => $$"""{"cniVersion":"{{version}}",{{(withDns ? $"\"dns\":{DnsV1}," : "")}}"ips":[{{Ips(families, withVersion: false)}}],"routes":[{{Routes(families)}}]}""",
    };

    private static string Families(string families) => Join(
        families,
        """ "ip4":{"ip":"10.1.0.2/24","gateway":"10.1.0.1","routes":[{"dst":"0.0.0.0/0"}]}""",
        """ "ip6":{"ip":"fd00:1::2/64","gateway":"fd00:1::1","routes":[{"dst":"::/0","gw":"fd00:1::fe"}]}""");

    private static string Ips(string families, bool withVersion) => Join(
        families,
        $$"""{{{(withVersion ? "\"version\":\"4\"," : "")}}"address":"10.1.0.2/24","gateway":"10.1.0.1"}""",
        $$"""{{{(withVersion ? "\"version\":\"6\"," : "")}}"address":"fd00:1::2/64","gateway":"fd00:1::1"}""");

    /// <summary>Routes are the configuration's, whatever families the addresses are of.</summary>
    private static string Routes(string families) => Join(families, """{"dst":"0.0.0.0/0"}""", """{"dst":"::/0","gw":"fd00:1::fe"}""");

    private static string Join(string families, string v4, string v6) => families switch
    {
        "IPv4" => v4.Trim(),
        "IPv6" => v6.Trim(),
        _ => $"{v4.Trim()},{v6.Trim()}",
    };
}
