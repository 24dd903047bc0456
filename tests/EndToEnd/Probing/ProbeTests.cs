using EndToEnd.Support;

namespace EndToEnd.Probing;

/// <summary>Containers on a wire on which somebody else has addresses of their range.</summary>
public sealed class ProbeTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private const int MostRounds = 40;

    private Site Site => service.Site;

    [RootFact("ip")]
    public void The_container_gets_the_second_address_of_both_families_and_the_first_is_shown_and_can_be_freed()
    {
        using var host = new OtherHost().With("10.215.1.2/24", "fd15:1::2/64");
        var network = Probing("probed", host, """ "ranges": [[{ "subnet": "10.215.1.0/24" }], [{ "subnet": "fd15:1::/64" }]], "order": "lowest" """);

        Assert.Equal(["10.215.1.3", "fd15:1::3"], Site.Add(network).EnsureSuccess().Addresses);
        Assert.Equal(["10.215.1.3", "fd15:1::3"], Site.Add(network).EnsureSuccess().Addresses);
        Assert.Equal(["10.215.1.4", "fd15:1::4"], Site.Add(network, "c2").EnsureSuccess().Addresses);

        Assert.Equal("10.215.1.2\nfd15:1::2\n", Ipamctl(network, "lease", "list", "--state", "conflict", "-o", "name"));
        Assert.Contains($"conflict:probed  {host.Mac}", Ipamctl(network, "lease", "list"), StringComparison.Ordinal);
        Site.Check(network).EnsureSuccess();
        Site.Del(network).EnsureSuccess();
        Site.Del(network, "c2").EnsureSuccess();
        Assert.Equal("10.215.1.2\nfd15:1::2\n", Ipamctl(network, "lease", "list", "-o", "name"));

        Ipamctl(network, "lease", "release", "10.215.1.2", "--yes");
        host.Ip("addr", "del", "10.215.1.2/24", "dev", "eth0");
        Assert.Equal(["10.215.1.2", "fd15:1::3"], Site.Add(network).EnsureSuccess().Addresses);
    }

    [RootFact("ip", "bridge", "ping")]
    public void Under_the_bridge_plugin_the_wire_is_its_bridge()
    {
        using var host = new OtherHost().With("10.215.2.2/24");
        using var container = NetworkNamespace.Create();
        var network = new NetworkConfig("bridged")
        {
            Version = "1.0.0",
            Main = $"\"type\": \"bridge\", \"bridge\": \"{host.Wire}\"",
            Ipam = """ "subnet": "10.215.2.0/24", "order": "lowest", "probe": true """,
        };
        CniOutcome Call(string command) => CniPlugin.Run(
            $"{Programs.CniFolder}/bridge", new CniCall(command) { ContainerId = "bridged", NetNs = container.Path, Stdin = network.Json(Site) });

        Call("ADD").EnsureSuccess();

        Assert.Equal(["10.215.2.3/24"], container.Addresses("eth0"));
        container.Run("ping", "-q", "-c", "1", "-w", "10", "10.215.2.2");
        Call("DEL").EnsureSuccess();
        Assert.Equal("10.215.2.2\n", Ipamctl(network, "lease", "list", "-o", "name"));
    }

    [RootFact("ip")]
    public void Where_nobody_answers_it_takes_at_most_200_ms_more_and_without_the_key_nobody_is_asked()
    {
        using var host = new OtherHost().With("10.215.3.2/24");
        var network = Probing("quick", host, """ "subnet": "10.215.3.0/24", "rangeStart": "10.215.3.100" """);
        var without = new NetworkConfig("unasked") { Ipam = """ "subnet": "10.215.3.0/24", "order": "lowest" """ };

        var (least, most) = (TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(200));
        var (asking, plain) = (Took(network), Took(without));
        // The machine may be busy with something else.
        for (var round = 1; round < MostRounds && (asking - plain < least || asking - plain > most); round++)
            (asking, plain) = (TimeSpan.FromTicks(Math.Min(asking.Ticks, Took(network).Ticks)), TimeSpan.FromTicks(Math.Min(plain.Ticks, Took(without).Ticks)));
        Assert.InRange(asking - plain, least, most);
        Assert.Equal(["10.215.3.2"], Site.Add(without).EnsureSuccess().Addresses);
    }

    [RootFact("ip")]
    public void Where_all_addresses_are_in_use_the_error_says_so_and_the_container_holds_nothing()
    {
        using var host = new OtherHost().With("10.215.4.1/24");
        host.Ip("route", "add", "local", "10.215.4.0/24", "dev", "lo");
        var network = Probing("in-use", host, """ "subnet": "10.215.4.0/24", "order": "lowest" """);

        var error = Site.Add(network).EnsureError(11);

        Assert.StartsWith($"8 times in a row somebody answered on {host.Wire} for an address that was to be handed out: 10.215.4.2 ({host.Mac}), ", error.Message, StringComparison.Ordinal);
        Assert.Empty(Support.Ipamctl.Addresses(Site, network));
        Assert.Contains("10.215.4.9 (", Site.Add(network).EnsureError(11).Message, StringComparison.Ordinal);
    }

    [RootFact("ip")]
    public void A_plugin_that_is_killed_at_any_moment_leaves_nothing_that_its_DEL_does_not_free()
    {
        using var host = new OtherHost().With("10.215.5.2/24", "10.215.5.3/24");
        var network = Probing("killed", host, """ "subnet": "10.215.5.0/24", "order": "lowest" """);
        foreach (var delay in (int[])[0, 2, 5, 10, 20, 60, 120])
        {
            CniPlugin.RunAndKill(Repository.Ipam, new CniCall("ADD") { ContainerId = "killed", Stdin = network.Json(Site) }, TimeSpan.FromMilliseconds(delay));

            Site.Del(network, "killed").EnsureSuccess();
            Assert.Empty(Support.Ipamctl.Addresses(Site, network));
        }

        Assert.Equal(["10.215.5.4"], Site.Add(network, "killed").EnsureSuccess().Addresses);
        Assert.Equal("10.215.5.2\n10.215.5.3\n", Ipamctl(network, "lease", "list", "--state", "conflict", "-o", "name"));
    }

    private static NetworkConfig Probing(string name, OtherHost host, string ipam) =>
        new(name) { Ipam = $"{ipam}, \"probe\": true, \"probeInterface\": \"{host.Wire}\"" };

    private TimeSpan Took(NetworkConfig network)
    {
        var outcome = Site.Add(network, "quick").EnsureSuccess();
        Site.Del(network, "quick").EnsureSuccess();
        return outcome.Elapsed;
    }

    private string Ipamctl(NetworkConfig network, params string[] arguments)
    {
        var outcome = Support.Ipamctl.TryRun(Site, [.. arguments, "--space", network.Space!]);
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        return outcome.Stdout;
    }
}
