using EndToEnd.Support;

namespace EndToEnd.Errors;

/// <summary>A configuration that can't be right is refused (code 7) and the message says what to change.</summary>
public sealed class ConfigurationTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private Site Site => service.Site;

    [Theory]
    [InlineData(""" "subnet": "10.1.0.0/24", "rangeSart": "10.1.0.9" """, "rangeSart", "rangeStart")]
    [InlineData(""" "ranges": [[{ "subnet": "10.1.0.0/24", "gatewy": "10.1.0.9" }]] """, "gatewy", "gateway")]
    [InlineData(""" "subnet": "10.1.0.0/24", "routes": [{ "dest": "0.0.0.0/0" }] """, "dest", "dst")]
    [InlineData(""" "subnet": "10.1.0.0/24", "spase": "x" """, "spase", "space")]
    public void An_unknown_key_is_refused_naming_the_nearest_known_one(string ipam, string unknown, string nearest)
    {
        var error = Refuse(ipam);

        Assert.Contains($"\"{unknown}\"", error.Message, StringComparison.Ordinal);
        Assert.Contains($"did you mean \"{nearest}\"?", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "no IP ranges specified")]
    [InlineData(""" "ranges": [] """, "no IP ranges specified")]
    [InlineData(""" "ranges": [[]] """, "empty range set")]
    [InlineData(""" "subnet": "10.1.0.1/24" """, "the network address is 10.1.0.0")]
    [InlineData(""" "subnet": "10.1.0.0" """, "CIDR")]
    [InlineData(""" "subnet": "10.1.0.0/33" """, "CIDR")]
    [InlineData(""" "subnet": "10.1.0.0/24", "rangeStart": "10.2.0.5" """, "rangeStart 10.2.0.5 is not in subnet 10.1.0.0/24")]
    [InlineData(""" "subnet": "10.1.0.0/24", "rangeEnd": "10.2.0.5" """, "rangeEnd 10.2.0.5 is not in subnet 10.1.0.0/24")]
    [InlineData(""" "subnet": "10.1.0.0/24", "rangeStart": "10.1.0.9", "rangeEnd": "10.1.0.5" """, "comes after")]
    [InlineData(""" "subnet": "10.1.0.0/24", "gateway": "fd00::1" """, "family")]
    [InlineData(""" "subnet": "10.1.0.0/24", "rangeStart": "tenth" """, "not an IP address")]
    [InlineData(""" "rangeStart": "10.1.0.9" """, "without \"subnet\"")]
    [InlineData(""" "ranges": [[{ "subnet": "10.1.0.0/24" }, { "subnet": "fd00:1::/64" }]] """, "mixed address families")]
    [InlineData(""" "ranges": [[{ "subnet": "10.1.0.0/24" }, { "subnet": "10.1.0.0/25" }]] """, "overlap")]
    [InlineData(""" "ranges": [{ "subnet": "10.1.0.0/24" }] """, "list of ranges")]
    [InlineData(""" "subnet": "10.1.0.0/24", "exclude": ["10.1.0.x"] """, "exclude")]
    [InlineData(""" "subnet": "10.1.0.0/24", "order": "first" """, "lowest")]
    [InlineData(""" "subnet": "10.1.0.0/24", "resolvConf": "/there/is/none" """, "/there/is/none")]
    public void It_is_refused_with_the_reason(string ipam, string reason) =>
        Assert.Contains(reason, Refuse(ipam).Message, StringComparison.Ordinal);

    [Fact]
    public void A_name_of_a_space_must_be_a_name() =>
        Assert.Contains("no name", Site.Add(new NetworkConfig("refused") { Space = "a/b" }).EnsureError(7).Message, StringComparison.Ordinal);

    [Fact]
    public void Without_ipam_there_is_nothing_to_go_by()
    {
        // Without ipam the plugin asks the socket of an installed service, so this goes to the service itself.
        var outcome = Command.TryRun(
            "curl", "-s", "--unix-socket", Site.Socket, "-H", "CNI_CONTAINERID: c1", "-H", "CNI_NETNS: /x", "-H", "CNI_IFNAME: eth0",
            "-d", """{ "cniVersion": "1.1.0", "name": "bare", "type": "bridge" }""", "http://ipamd/cni/add");

        Assert.Equal("""{"code":7,"msg":"IPAM config missing 'ipam' key"}""", outcome.Stdout);
    }

    [Fact]
    public void Unknown_keys_outside_ipam_are_left_alone_and_keys_match_in_any_case()
    {
        var network = new NetworkConfig("lenient") { Ipam = """ "SUBNET": "10.1.0.0/24", "dataDir": "/tmp/ignored" """, Runtime = """ "unknown": { "x": [1] } """ };

        Assert.Equal("10.1.0.2", Site.Add(network).Address);
    }

    private CniFailure Refuse(string ipam)
    {
        var network = new NetworkConfig("refused") { Ipam = ipam };
        var error = Site.Add(network).EnsureError(7);
        Assert.Empty(Ipamctl.Addresses(Site, network));
        return error;
    }
}
