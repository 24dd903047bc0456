using EndToEnd.Support;

namespace EndToEnd.Configurations;

/// <summary>An address can be requested in three ways, alone or together.</summary>
public sealed class RequestedAddressTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private Site Site => service.Site;

    [Theory]
    [InlineData("IP=10.1.0.99")]
    [InlineData("IP=10.1.0.99/24")]
    [InlineData("IgnoreUnknown=1;K8S_POD_NAME=p;IP=10.1.0.99;FOO=bar")]
    public void By_IP_in_CNI_ARGS(string args)
    {
        var network = new NetworkConfig($"args-{args.Length}");

        Assert.Equal("10.1.0.99", Site.Add(network, args: args).Address);
        Assert.Equal("10.1.0.99", Site.Add(network, args: args).Address);
    }

    [Theory]
    [InlineData(""" "args": { "cni": { "ips": ["10.1.0.99"] } } """)]
    [InlineData(""" "runtimeConfig": { "ips": ["10.1.0.99/24"] } """)]
    public void By_ips_that_the_runtime_adds(string runtime)
    {
        var network = new NetworkConfig($"ips-{runtime.Length}") { Runtime = runtime };

        Assert.Equal("10.1.0.99", Site.Add(network).Address);
    }

    [Fact]
    public void By_all_three_at_once_each_for_the_range_set_that_has_its_subnet()
    {
        var network = new NetworkConfig("all")
        {
            Ipam = """ "ranges": [[{ "subnet": "fd00:1::/64" }], [{ "subnet": "10.1.0.0/24" }], [{ "subnet": "10.2.0.0/24" }]] """,
            Runtime = """ "args": { "cni": { "ips": ["10.2.0.77", "10.1.0.99"] } }, "runtimeConfig": { "ips": ["fd00:1::abcd"] } """,
        };

        Assert.Equal(["fd00:1::abcd", "10.1.0.99", "10.2.0.77"], Site.Add(network, args: "IP=10.1.0.99").Addresses);
    }

    [Fact]
    public void A_family_without_a_request_gets_the_next_address()
    {
        var network = new NetworkConfig("one-of-two") { Ipam = NetworkConfig.Dual, Runtime = """ "runtimeConfig": { "ips": ["fd00:1::abcd"] } """ };

        Assert.Equal(["10.1.0.2", "fd00:1::abcd"], Site.Add(network).Addresses);
    }

    [Fact]
    public void Allocation_goes_on_behind_a_requested_address_as_in_host_local()
    {
        var network = new NetworkConfig("behind");
        Site.Add(network, "requested", "IP=10.1.0.99").EnsureSuccess();

        Assert.Equal("10.1.0.100", Site.Add(network, "next").Address);
    }

    [Fact]
    public void One_of_a_reservation_that_may_be_asked_for_by_address_and_by_name()
    {
        var network = new NetworkConfig("printers") { Ipam = """ "subnet": "10.1.0.0/29" """ };
        var named = network with { Ipam = """ "subnet": "10.1.0.0/29", "reservation": "printers" """ };
        Assert.Equal(0, Ipamctl.TryRun(Site, "reservation", "add", "10.1.0.2-10.1.0.4", "--name", "printers", "--space", network.Name, "--on-request").ExitCode);

        Assert.Equal("10.1.0.5", Site.Add(network, "nobody").Address);
        Assert.Equal("10.1.0.3", Site.Add(network, "by-address", "IP=10.1.0.3").Address);
        Assert.Equal("10.1.0.4", Site.Add(network, "by-name", "IPAM_RESERVATION=printers").Address);
        Assert.Equal("10.1.0.4", Site.Add(network, "by-name", "IPAM_RESERVATION=printers").Address);
        Site.Add(network, "another", "IP=10.1.0.3").EnsureError(101);
        Site.Add(network, "another", "IPAM_RESERVATION=none").EnsureError(101);
        Assert.Equal("10.1.0.2", Site.Add(named, "by-key").Address);
        Site.Add(named, "one-too-many").EnsureError(100);
        Assert.Equal("10.1.0.6", Site.Add(network, "last").Address);
        Site.Add(network, "one-too-many").EnsureError(100);
    }

    [Fact]
    public void One_outside_the_range_where_that_is_allowed()
    {
        var network = new NetworkConfig("outside") { Ipam = """ "subnet": "10.1.0.0/24", "rangeStart": "10.1.0.100", "exclude": ["10.1.0.7"], "allowOutside": true """ };

        Assert.Equal("10.1.0.5", Site.Add(network, "asks", "IP=10.1.0.5").Address);
        Assert.Equal("10.1.0.5", Site.Add(network, "asks", "IP=10.1.0.5").Address);
        Assert.Equal("10.1.0.100", Site.Add(network, "takes").Address);
        foreach (var never in (string[])["10.1.0.0", "10.1.0.1", "10.1.0.7", "10.1.0.255", "10.1.1.5", "10.1.0.5"])
            Site.Add(network, "another", $"IP={never}").EnsureError(101);
        Site.Del(network, "asks").EnsureSuccess();
        Assert.Equal("10.1.0.5", Site.Add(network, "another", "IP=10.1.0.5").Address);
    }

    [Theory]
    [InlineData(""" "runtimeConfig": { "ips": ["10.1.0.999"] } """)]
    [InlineData(""" "args": { "cni": { "ips": [""] } } """)]
    public void What_is_no_address_is_refused(string runtime) =>
        Assert.Contains("invalid IP address", Site.Add(new NetworkConfig("none") { Runtime = runtime }).EnsureError(7).Message, StringComparison.Ordinal);
}
