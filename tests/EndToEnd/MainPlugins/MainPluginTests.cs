using EndToEnd.Support;

namespace EndToEnd.MainPlugins;

/// <summary>Under real main plugins, in real network namespaces: containers reach each other by the addresses that ipam gave them.</summary>
public sealed class MainPluginTests(ServiceFixture service) : WholeMachineTests, IClassFixture<ServiceFixture>
{
    private Site Site => service.Site;

    [RootTheory("bridge", "ptp", "ping")]
    [InlineData("bridge", "0.4.0", """ "type": "bridge", "bridge": "BRIDGE", "isGateway": true """)]
    [InlineData("bridge", "1.0.0", """ "type": "bridge", "bridge": "BRIDGE", "isGateway": true """)]
    [InlineData("ptp", "1.0.0", """ "type": "ptp" """)]
    [InlineData("net-ptp", "0.4.0", """ "type": "net-ptp" """)]
    [InlineData("net-ptp", "1.1.0", """ "type": "net-ptp" """)]
    public void Containers_reach_each_other_over_both_families_and_DEL_leaves_nothing(string plugin, string version, string main)
    {
        using var bridge = new BridgeName();
        using var one = NetworkNamespace.Create();
        using var two = NetworkNamespace.Create();
        var network = new NetworkConfig($"{plugin}-{version}")
        {
            Version = version,
            Main = main.Replace("BRIDGE", bridge.Name, StringComparison.Ordinal),
            Ipam = """
                "ranges": [[{ "subnet": "10.213.7.0/24" }], [{ "subnet": "fd13:7:7:1::/64" }]],
                "routes": [{ "dst": "0.0.0.0/0" }, { "dst": "::/0" }]
                """,
        };

        var first = Call("ADD", plugin, network, one).EnsureSuccess();
        var second = Call("ADD", plugin, network, two).EnsureSuccess();

        Assert.Equal(["10.213.7.2/24", "fd13:7:7:1::2/64"], one.Addresses("eth0").Order());
        Assert.Equal(["10.213.7.3/24", "fd13:7:7:1::3/64"], two.Addresses("eth0").Order());
        Assert.All(second.Addresses, address => one.Run("ping", "-q", "-c", "1", "-w", "10", address));
        Assert.All(first.Addresses, address => two.Run("ping", "-q", "-c", "1", "-w", "10", address));
        Call("CHECK", plugin, network with { Runtime = $"\"prevResult\": {first.Stdout}" }, one).EnsureSuccess();

        Call("DEL", plugin, network, one).EnsureSuccess();
        Call("DEL", plugin, network, two).EnsureSuccess();
        Call("DEL", plugin, network, two).EnsureSuccess();

        Assert.Empty(Ipamctl.Addresses(Site, network));
        Assert.DoesNotContain("eth0", one.Run("ip", "link"), StringComparison.Ordinal);
    }

    [RootTheory("bridge", "ptp", "ping")]
    [InlineData("bridge", """ "type": "bridge", "bridge": "BRIDGE" """)]
    [InlineData("ptp", """ "type": "ptp" """)]
    [InlineData("net-ptp", """ "type": "net-ptp" """)]
    public void An_error_of_ipam_comes_through_the_main_plugin_with_its_code(string plugin, string main)
    {
        using var bridge = new BridgeName();
        using var container = NetworkNamespace.Create();
        var network = new NetworkConfig($"{plugin}-error")
        {
            Version = "1.0.0",
            Main = main.Replace("BRIDGE", bridge.Name, StringComparison.Ordinal),
            Ipam = """ "subnet": "10.213.8.0/30" """,
        };
        Site.Add(network, "somebody").EnsureSuccess();

        var error = Call("ADD", plugin, network, container).EnsureError(100);

        Assert.Contains("10.213.8.0/30", error.Message, StringComparison.Ordinal);
    }

    private CniOutcome Call(string command, string plugin, NetworkConfig network, NetworkNamespace container) =>
        CniPlugin.Run($"{(plugin == "net-ptp" ? Repository.PluginFolder : Programs.CniFolder)}/{plugin}", new CniCall(command)
        {
            ContainerId = Path.GetFileName(container.Path),
            NetNs = container.Path,
            Stdin = network.Json(Site),
        });
}
