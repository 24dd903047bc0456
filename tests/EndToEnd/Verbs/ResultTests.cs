using EndToEnd.Support;

namespace EndToEnd.Verbs;

/// <summary>The main verbs in every version of the protocol and for every family.</summary>
public sealed class ResultTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private Site Site => service.Site;

    public static TheoryData<string, string> VersionsAndFamilies()
    {
        var rows = new TheoryData<string, string>();
        foreach (var version in Shape.AllVersions.Split(' '))
        {
            foreach (var families in (string[])["IPv4", "IPv6", "dual"])
                rows.Add(version, families);
        }
        return rows;
    }

    [Theory]
    [MemberData(nameof(VersionsAndFamilies))]
    public void ADD_answers_in_the_shape_of_its_version_then_CHECK_agrees_and_DEL_leaves_nothing(string version, string families)
    {
        var network = Network($"net-{version}-{families}", version, families, ResolvConf());

        var added = Site.Add(network).EnsureSuccess();
        Assert.Equal(Shape.Of(version, families, withDns: true), JsonText.Compact(added.Stdout));

        if (AllowsCheck(version))
            Site.Check(network with { Runtime = $"\"prevResult\": {added.Stdout}" }).EnsureSuccess();
        Assert.Equal(added.Addresses.Order(), Ipamctl.Addresses(Site, network).Order());

        Site.Del(network with { Runtime = $"\"prevResult\": {added.Stdout}" }).EnsureSuccess();
        Assert.Empty(Ipamctl.Addresses(Site, network));
        if (AllowsCheck(version))
            Site.Check(network with { Runtime = $"\"prevResult\": {added.Stdout}" }).EnsureError(102);
    }

    [Theory]
    [MemberData(nameof(VersionsAndFamilies))]
    public void Without_resolvConf_dns_is_empty_below_1_0_0_and_absent_from_then_on(string version, string families)
    {
        var network = Network($"nodns-{version}-{families}", version, families, resolvConf: null);

        Assert.Equal(Shape.Of(version, families, withDns: false), JsonText.Compact(Site.Add(network).EnsureSuccess().Stdout));
    }

    [Fact]
    public void A_configuration_without_a_version_is_one_of_0_1_0()
    {
        var network = Network("no-version", "0.1.0", "IPv4", resolvConf: null);
        var json = network.Json(Site).Replace("\"cniVersion\": \"0.1.0\",", "", StringComparison.Ordinal);

        var added = CniPlugin.Run(new CniCall("ADD") { Stdin = json }).EnsureSuccess();

        Assert.Equal(Shape.Of("0.1.0", "IPv4", withDns: false), JsonText.Compact(added.Stdout));
    }

    [Theory]
    [InlineData("0.1.0")]
    [InlineData("0.2.0")]
    public void Two_addresses_of_one_family_need_0_3_0(string version)
    {
        var network = new NetworkConfig($"two-{version}")
        {
            Version = version,
            Ipam = """ "ranges": [[{ "subnet": "10.1.0.0/24" }], [{ "subnet": "10.2.0.0/24" }]] """,
        };

        Assert.Contains("0.3.0", Site.Add(network).EnsureError(7).Message, StringComparison.Ordinal);

        Assert.Equal(["10.1.0.2", "10.2.0.2"], Site.Add(network with { Version = "0.3.0" }).Addresses);
    }

    [Fact]
    public void A_version_that_nobody_speaks_is_refused_naming_those_that_are_spoken()
    {
        var error = Site.Add(new NetworkConfig("unspoken") { Version = "9.9.9" }).EnsureError(1);

        Assert.Equal("incompatible CNI versions", error.Message);
        Assert.Contains("9.9.9", error.Details, StringComparison.Ordinal);
        Assert.All(Shape.AllVersions.Split(' '), version => Assert.Contains(version, error.Details, StringComparison.Ordinal));
    }

    [Fact]
    public void A_call_of_the_plugin_can_be_made_by_hand()
    {
        var answer = Command.Run(
            "curl", "-sS", "--unix-socket", Site.Socket, "-H", "CNI_CONTAINERID: by-hand", "-H", "CNI_NETNS: /x", "-H", "CNI_IFNAME: eth0",
            "-d", new NetworkConfig("by-hand").Json(Site), "http://ipamd/cni/add");

        Assert.Equal("""{"cniVersion":"1.1.0","ips":[{"address":"10.1.0.2/24","gateway":"10.1.0.1"}]}""", JsonText.Compact(answer));
    }

    private static NetworkConfig Network(string name, string version, string families, string? resolvConf)
    {
        var ranges = families switch
        {
            "IPv4" => NetworkConfig.V4,
            "IPv6" => NetworkConfig.V6,
            _ => NetworkConfig.Dual,
        };
        var routes = families switch
        {
            "IPv4" => """ { "dst": "0.0.0.0/0" } """,
            "IPv6" => """ { "dst": "::/0", "gw": "fd00:1::fe" } """,
            _ => """ { "dst": "0.0.0.0/0" }, { "dst": "::/0", "gw": "fd00:1::fe" } """,
        };
        var dns = resolvConf is null ? "" : $", \"resolvConf\": \"{resolvConf}\"";
        return new NetworkConfig(name) { Version = version, Ipam = $"{ranges}, \"routes\": [{routes}] {dns}" };
    }

    private string ResolvConf() => Site.Write(
        "resolv.conf",
        """
        # a comment
        nameserver 10.1.0.53
        nameserver fd00:1::53
        domain example.org
        search example.org
        search example.net
        options ndots:2
        """);

    private static bool AllowsCheck(string version) => version is "0.4.0" or "1.0.0" or "1.1.0";
}
