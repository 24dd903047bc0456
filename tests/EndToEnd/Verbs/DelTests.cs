using EndToEnd.Support;

namespace EndToEnd.Verbs;

/// <summary>DEL succeeds whatever is missing, and gives back what its network, container and interface hold.</summary>
public sealed class DelTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private Site Site => service.Site;

    [Fact]
    public void DEL_twice_and_DEL_of_what_was_never_added_succeed()
    {
        var network = new NetworkConfig("twice");
        Site.Add(network).EnsureSuccess();

        Site.Del(network).EnsureSuccess();
        Site.Del(network).EnsureSuccess();
        Site.Del(network, "never-added").EnsureSuccess();

        Assert.Empty(Ipamctl.Addresses(Site, network));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void DEL_without_a_network_namespace_releases(string? netNs)
    {
        var network = new NetworkConfig($"no-netns-{netNs is null}");
        Site.Add(network).EnsureSuccess();

        CniPlugin.Run(new CniCall("DEL") { NetNs = netNs, Stdin = network.Json(Site) }).EnsureSuccess();

        Assert.Empty(Ipamctl.Addresses(Site, network));
    }

    [Theory]
    [InlineData("other ranges", """ "ranges": [[{ "subnet": "192.168.77.0/24" }]] """)]
    [InlineData("no ranges", "")]
    [InlineData("ranges of a wrong type", """ "ranges": "none" """)]
    [InlineData("a subnet that is none", """ "subnet": "junk" """)]
    [InlineData("an unknown key", """ "rangs": [] """)]
    [InlineData("a resolv conf that is gone", """ "subnet": "10.1.0.0/24", "resolvConf": "/gone" """)]
    public void DEL_releases_although_its_configuration_has(string what, string ipam)
    {
        var network = new NetworkConfig($"changed-{what.Replace(' ', '-')}") { Ipam = NetworkConfig.Dual };
        Site.Add(network).EnsureSuccess();

        Site.Del(network with { Ipam = ipam }).EnsureSuccess();

        Assert.Empty(Ipamctl.Addresses(Site, network));
    }

    [Theory]
    [InlineData("broken", """ "prevResult": { "cniVersion": "77", "ips": 5 } """)]
    [InlineData("arguments", """ "args": { "cni": { "ips": ["junk"] } } """)]
    public void DEL_releases_whatever_the_runtime_adds(string what, string runtime)
    {
        var network = new NetworkConfig($"runtime-{what}");
        Site.Add(network).EnsureSuccess();

        Site.Del(network with { Runtime = runtime }).EnsureSuccess();

        Assert.Empty(Ipamctl.Addresses(Site, network));
    }

    [Fact]
    public void DEL_with_arguments_that_no_ADD_would_take_releases()
    {
        var network = new NetworkConfig("bad-args");
        Site.Add(network).EnsureSuccess();

        CniPlugin.Run(new CniCall("DEL") { Args = "IP=junk;;x", Stdin = network.Json(Site) }).EnsureSuccess();

        Assert.Empty(Ipamctl.Addresses(Site, network));
    }

    [Fact]
    public void DEL_touches_no_other_interface_container_or_network()
    {
        var network = new NetworkConfig("kept");
        var other = new NetworkConfig("kept-other") { Space = "kept" };
        string Add(string container, string ifName) =>
            CniPlugin.Run(new CniCall("ADD") { ContainerId = container, IfName = ifName, Stdin = network.Json(Site) }).Address;
        Add("one", "eth0");
        string[] kept = [Add("one", "eth1"), Add("two", "eth0"), Site.Add(other, "one").Address];

        Site.Del(network, "one").EnsureSuccess();

        Assert.Equal(kept.Order(), Ipamctl.Leases(Site).Where(static lease => lease.Space == "kept").Select(static lease => lease.Address).Order());
    }

    [Fact]
    public void DEL_releases_what_the_container_holds_in_every_space()
    {
        var network = new NetworkConfig("moved") { Space = "moved-from" };
        Site.Add(network).EnsureSuccess();

        Site.Del(network with { Space = "moved-to" }).EnsureSuccess();

        Assert.Empty(Ipamctl.Addresses(Site, network));
    }
}
