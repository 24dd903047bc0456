using EndToEnd.Support;

namespace EndToEnd.Verbs;

/// <summary>GC frees this node's leases of this network that the runtime no longer lists, and nothing else.</summary>
public sealed class GcTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private Site Site => service.Site;

    [Theory]
    [InlineData("cni.dev/valid-attachments")]
    [InlineData("cni.dev/attachments")]
    public void GC_frees_what_is_not_listed(string key)
    {
        var network = new NetworkConfig($"listed-{key.Length}") { Ipam = NetworkConfig.Dual };
        var valid = Site.Add(network, "valid").Addresses;
        Site.Add(network, "stale").EnsureSuccess();
        CniPlugin.Run(new CniCall("ADD") { ContainerId = "valid", IfName = "eth1", Stdin = network.Json(Site) }).EnsureSuccess();

        Gc(network, $$""" "{{key}}": [{ "containerID": "valid", "ifname": "eth0" }] """).EnsureSuccess();

        Assert.Equal(valid.Order(), Ipamctl.Addresses(Site, network).Order());
    }

    [Fact]
    public void GC_with_an_empty_list_frees_everything_of_this_network_and_nothing_of_others()
    {
        var network = new NetworkConfig("emptied");
        var other = new NetworkConfig("emptied-other") { Space = "emptied" };
        Site.Add(network, "one").EnsureSuccess();
        Site.Add(network, "two").EnsureSuccess();
        var kept = Site.Add(other, "one").Address;

        Gc(network, """ "cni.dev/valid-attachments": [] """).EnsureSuccess();

        Assert.Empty(Ipamctl.Addresses(Site, network));
        Assert.Equal([kept], Ipamctl.Addresses(Site, other));
    }

    [Theory]
    [InlineData("absent", "")]
    [InlineData("null", """ "cni.dev/valid-attachments": null """)]
    public void GC_without_a_list_frees_only_leases_whose_network_namespace_is_gone(string what, string list)
    {
        var network = new NetworkConfig($"list-{what}");
        using var there = NetworkNamespace.Create();
        var kept = CniPlugin.Run(new CniCall("ADD") { ContainerId = "there", NetNs = there.Path, Stdin = network.Json(Site) }).Address;
        var gone = NetworkNamespace.Create();
        CniPlugin.Run(new CniCall("ADD") { ContainerId = "gone", NetNs = gone.Path, Stdin = network.Json(Site) }).EnsureSuccess();
        gone.Dispose();

        Gc(network, list).EnsureSuccess();

        Assert.Equal([kept], Ipamctl.Addresses(Site, network));
    }

    [Fact]
    public async Task GC_leaves_other_nodes_alone()
    {
        var network = new NetworkConfig("nodes");
        using var elsewhere = new Site(sharesDatabaseOf: Site);
        await using var ipamd = await Ipamd.StartAsync(elsewhere, "--node", "elsewhere");
        Site.Add(network, "mine").EnsureSuccess();
        var others = elsewhere.Add(network, "others").Address;

        Gc(network, """ "cni.dev/valid-attachments": [] """).EnsureSuccess();

        Assert.Equal([others], Ipamctl.Addresses(Site, network));
        elsewhere.CallForNetwork("GC", network with { Runtime = """ "cni.dev/valid-attachments": [] """ }).EnsureSuccess();
        Assert.Empty(Ipamctl.Addresses(Site, network));
    }

    [Fact]
    public void GC_works_with_a_configuration_whose_ranges_are_gone()
    {
        var network = new NetworkConfig("ranges-gone");
        Site.Add(network).EnsureSuccess();

        Gc(network with { Ipam = "" }, """ "cni.dev/valid-attachments": [] """).EnsureSuccess();

        Assert.Empty(Ipamctl.Addresses(Site, network));
    }

    [Theory]
    [InlineData("""[{ "containerID": "x" }]""", 7)]
    [InlineData("""[5]""", 6)]
    [InlineData("\"all\"", 6)]
    public void GC_with_a_list_that_cannot_be_read_frees_nothing(string list, int code)
    {
        var network = new NetworkConfig($"unreadable-{list.Length}");
        var kept = Site.Add(network).Address;

        Gc(network, $"\"cni.dev/valid-attachments\": {list}").EnsureError(code);

        Assert.Equal([kept], Ipamctl.Addresses(Site, network));
    }

    private CniOutcome Gc(NetworkConfig network, string list) => Site.CallForNetwork("GC", network with { Runtime = list });
}
