namespace Ipam.Bench.Ptp;

/// <summary>One network configuration that both main plugins are given.</summary>
/// <param name="Ipam">The IPAM plugin.</param>
/// <param name="IsDual">Whether each container gets an IPv6 address beside the IPv4 one.</param>
/// <param name="IsMasqueraded">Whether the host's address is given to what leaves: by iptables for the reference, by nftables for net-ptp.</param>
internal sealed record Scenario(string Ipam, bool IsDual, bool IsMasqueraded)
{
    public string Title => $"{Ipam}, {(IsDual ? "dual stack" : "IPv4")}{(IsMasqueraded ? ", masquerade" : "")}";

    /// <summary>Every combination for an IPAM plugin.</summary>
    public static IEnumerable<Scenario> All(string ipam) =>
        [new(ipam, false, false), new(ipam, false, true), new(ipam, true, false), new(ipam, true, true)];

    /// <summary>The configuration, with the IPAM plugin's files in the folder.</summary>
    public string Configuration(string folder)
    {
        var place = Ipam == "ipam"
            ? $"\"socket\":\"{folder}/ipamd.sock\",\"spool\":\"{folder}/spool\""
            : $"\"dataDir\":\"{folder}/host-local\"";
        var (second, secondRoute) = IsDual ? (",[{\"subnet\":\"fd99::/64\"}]", ",{\"dst\":\"::/0\"}") : ("", "");
        return $$"""
            {"cniVersion":"1.0.0","name":"bench","type":"bench","ipMasq":{{(IsMasqueraded ? "true" : "false")}},"ipam":{"type":"{{Ipam}}",{{place}},
            "ranges":[[{"subnet":"10.99.0.0/16"}]{{second}}],"routes":[{"dst":"0.0.0.0/0"}{{secondRoute}}]} }
            """;
    }
}
