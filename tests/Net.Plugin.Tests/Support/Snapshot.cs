using System.Text.Json;
using System.Text.RegularExpressions;

namespace Net.Plugin.Tests.Support;

/// <summary>
/// What a namespace looks like from outside, line by line, without what is different each time (random names and addresses, numbers
/// of interfaces, link-local addresses): two hosts on which the same happened have equal ones.
/// </summary>
internal static partial class Snapshot
{
    /// <summary>Links, addresses, routes of all tables, sysctls, iptables' and nftables' rules.</summary>
    public static List<string> Of(TestNamespace where)
    {
        WaitForDuplicateDetection(where);
        List<string> lines =
        [
            .. Json(where.Ip("-j -d link")).Select(Link),
            .. Json(where.Ip("-j addr")).SelectMany(Addresses),
            .. Json(where.Ip("-j route show table all")).Select(route => Route("route", route)),
            .. Json(where.Ip("-j -6 route show table all")).Select(route => Route("route6", route)),
            .. Sysctls(where),
            .. Iptables(where, "iptables-save"),
            .. Iptables(where, "ip6tables-save"),
            .. Nftables(where),
        ];
        return [.. lines.Select(Normalise).Where(line => !IsLinkLocal(line)).Order(StringComparer.Ordinal)];
    }

    private static void WaitForDuplicateDetection(TestNamespace where)
    {
        while (where.Ip("-6 addr show tentative").Contains("inet6", StringComparison.Ordinal))
            Thread.Yield();
    }

    private static List<JsonElement> Json(string text) => text.Trim().Length == 0 ? [] : [.. JsonDocument.Parse(text).RootElement.EnumerateArray()];

    private static string Link(JsonElement link)
    {
        var flags = link.GetProperty("flags").EnumerateArray().Any(flag => flag.GetString() == "UP") ? "up" : "down";
        var kind = link.TryGetProperty("linkinfo", out var information) ? Text(information, "info_kind") : "";
        return $"link {Text(link, "ifname")} {kind} {flags} mtu {Text(link, "mtu")} qlen {Text(link, "txqlen")} mac {Text(link, "address")} {Text(link, "ifalias")}";
    }

    private static IEnumerable<string> Addresses(JsonElement link)
    {
        foreach (var address in link.GetProperty("addr_info").EnumerateArray())
        {
            var properties = address.EnumerateObject().Where(p => p.Name is not ("valid_life_time" or "preferred_life_time"));
            yield return $"address {Text(link, "ifname")} {string.Join(' ', properties.Select(p => $"{p.Name}={p.Value}"))}";
        }
    }

    private static string Route(string kind, JsonElement route) =>
        $"{kind} {string.Join(' ', route.EnumerateObject().Select(p => $"{p.Name}={p.Value}"))}";

    private static IEnumerable<string> Sysctls(TestNamespace where) =>
        where.TryRun("grep", "-rs", "", "/proc/sys/net/ipv4/conf", "/proc/sys/net/ipv6/conf", "/proc/sys/net/ipv4/ip_forward").Stdout.Split('\n')
            .Where(line => line.Length > 0)
            .Select(line => $"sysctl {line["/proc/sys/".Length..]}");

    private static IEnumerable<string> Iptables(TestNamespace where, string program) =>
        where.Run(program).Split('\n').Where(line => line.StartsWith('-') || line.StartsWith(":CNI", StringComparison.Ordinal))
            .Select(line => $"{program} {Comment().Replace(line, "").Trim()}");

    // Without the tables that iptables has in nf_tables.
    private static IEnumerable<string> Nftables(TestNamespace where) =>
        where.Run("nft", "list", "tables").Split('\n').Where(table => table.StartsWith("table inet ", StringComparison.Ordinal))
            .SelectMany(table => where.Run("nft", ["list", .. table.Split(' ')]).Split('\n').Select(line => $"nft {line.Trim()}"));

    private static string Text(JsonElement element, string key) => element.TryGetProperty(key, out var value) ? value.ToString() : "";

    private static string Normalise(string line) => Chain().Replace(Mac().Replace(Veth().Replace(line, "VETH"), "MAC"), "CNI-CHAIN").TrimEnd();

    private static bool IsLinkLocal(string line) =>
        line.Contains("fe80::", StringComparison.Ordinal) || line.Contains("dst=multicast ff00::/8", StringComparison.Ordinal) || line.Contains("dst=ff00::/8", StringComparison.Ordinal);

    [GeneratedRegex("veth[0-9a-f]{8}")]
    private static partial Regex Veth();

    [GeneratedRegex("([0-9a-f]{2}:){5}[0-9a-f]{2}")]
    private static partial Regex Mac();

    [GeneratedRegex("CNI-[0-9a-f]{24}")]
    private static partial Regex Chain();

    [GeneratedRegex(" -m comment --comment \"(\\\\.|[^\"])*\"")]
    private static partial Regex Comment();
}
