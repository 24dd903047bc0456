using System.Globalization;
using EndToEnd.Support;

namespace EndToEnd.Whereabouts;

/// <summary>What Whereabouts' own end-to-end tests try, as far as it needs no cluster: pods are calls of the plugin, as a runtime makes them.</summary>
public sealed class ScenarioTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private Site Site => service.Site;

    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    public void A_set_that_is_scaled_up_and_down_has_an_address_for_each_pod_and_leaves_none(int delta)
    {
        const int replicas = 20;
        const string ipam = """ "range": "10.10.0.0/16", "network_name": "scaled" """;
        using var network = new WhereaboutsNetwork(Site);
        var pods = new Stack<(string Sandbox, string Address)>();

        foreach (var size in (int[])[replicas, replicas + delta, replicas, replicas - delta, replicas])
            Scale(size);

        Assert.Equal(Enumerable.Range(1, replicas).Select(static i => $"10.10.0.{i}/16"), pods.Reverse().Select(static pod => pod.Address));
        Assert.Equal(replicas, Ipamctl.Leases(Site).Count);
        Scale(0);
        Assert.Empty(Ipamctl.Leases(Site));

        void Scale(int size)
        {
            while (pods.Count < size)
            {
                var sandbox = $"sandbox-{Guid.NewGuid():n}";
                pods.Push((sandbox, network.Add(ipam, sandbox, args: WhereaboutsNetwork.ArgsOf($"web-{pods.Count}"))));
            }
            while (pods.Count > size)
                network.Del(ipam, pods.Pop().Sandbox);
        }
    }

    [Fact]
    public void A_range_of_two_is_exhausted_by_two_pods_and_serves_again_once_one_goes()
    {
        const string ipam = """ "range": "10.10.0.0/30", "network_name": "meganet2000" """;
        using var network = new WhereaboutsNetwork(Site);
        Assert.Equal(["10.10.0.1/30", "10.10.0.2/30"], [network.Add(ipam, "web-0"), network.Add(ipam, "web-1")]);

        network.Call("ADD", ipam, "web-2").EnsureError(100);
        network.Call("DEL", ipam, "web-2").EnsureSuccess();
        network.Del(ipam, "web-0");

        Assert.Equal("10.10.0.1/30", network.Add(ipam, "web-0-again"));
        network.Call("ADD", ipam, "web-2").EnsureError(100);
        network.Del(ipam, "web-0-again");
        network.Del(ipam, "web-1");
    }

    [Fact]
    public void Named_networks_have_the_same_address_twice_and_those_without_a_name_never()
    {
        using var unnamed = new WhereaboutsNetwork(Site) { Name = "wa-nad" };
        using var named = new WhereaboutsNetwork(Site) { Name = "wa-nad-2" };
        using var alsoUnnamed = new WhereaboutsNetwork(Site) { Name = "wa-nad-3" };
        const string range = """ "range": "10.10.0.0/16", "ipRanges": [], "log_level": "debug", "log_file": "/tmp/wb" """;
        const string withName = range + """, "network_name": "wa-nad-2", "enable_overlapping_ranges": false """;
        const string overlapping = """ "range": "10.10.0.0/24", "network_name": "", "enable_overlapping_ranges": true """;

        Assert.Equal("10.10.0.1/16", unnamed.Add(range, "pod-1"));
        Assert.Equal("10.10.0.1/16", named.Add(withName, "pod-2"));
        Assert.Equal("10.10.0.2/24", alsoUnnamed.Add(overlapping, "pod-3"));

        unnamed.Del(range, "pod-1");
        named.Del(withName, "pod-2");
        alsoUnnamed.Del(overlapping, "pod-3");
        Assert.Empty(Ipamctl.Leases(Site));
    }

    [Fact]
    public async Task Two_nodes_have_slices_of_their_own_without_what_is_excluded_and_borrow_when_theirs_are_full()
    {
        const string ipam = """ "range": "10.10.0.0/25", "node_slice_size": "26", "exclude": ["10.10.0.0/29", "10.10.0.70-10.10.0.126"], "network_name": "sliced" """;
        using var there = new Site(sharesDatabaseOf: Site);
        await using var ipamd = await Ipamd.StartAsync(there, "--node", "there");
        using var here = new WhereaboutsNetwork(Site);
        using var other = new WhereaboutsNetwork(there);

        var (first, second) = (here.Add(ipam, "h1"), other.Add(ipam, "o1"));
        Assert.Equal(["10.10.0.64/25", "10.10.0.8/25"], ((string[])[first, second]).Order(StringComparer.Ordinal));
        var hasFew = first == "10.10.0.64/25" ? here : other;
        for (var i = 65; i < 70; i++)
            Assert.Equal($"10.10.0.{i}/25", hasFew.Add(ipam, $"c{i}"));
        var borrowed = hasFew.Add(ipam, "borrows");
        Assert.InRange(int.Parse(borrowed["10.10.0.".Length..borrowed.IndexOf('/', StringComparison.Ordinal)], CultureInfo.InvariantCulture), 9, 63);

        foreach (var lease in Ipamctl.Leases(Site))
            here.Del(ipam, lease.ContainerId);
    }
}
