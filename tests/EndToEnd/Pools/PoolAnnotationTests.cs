using EndToEnd.Support;
using EndToEnd.Support.Stores;

namespace EndToEnd.Pools;

/// <summary>Pools that pods of a cluster choose by an annotation.</summary>
[Collection(ClusterCollection.Name)]
public sealed class PoolAnnotationTests(ClusterFixture cluster)
{
    private static readonly NetworkConfig Network = new("net") { Space = null, Ipam = """ "pools": ["spare"], "podAnnotations": true """ };

    [StoreFact("kubernetes")]
    public async Task The_pods_annotation_counts_before_its_namespaces_and_that_before_the_configuration()
    {
        await MakePoolsAsync("a", second: 80);
        await cluster.CreateNamespaceAsync("a-plain", """ "labels": {} """);
        await cluster.CreateNamespaceAsync("a-green", """ "annotations": { "ipamsuite.dev/pools": "a-green" } """);
        var network = Network with { Ipam = """ "pools": ["a-spare"], "podAnnotations": true """ };

        Assert.StartsWith("10.80.3.", await AddAsync(network, "a-plain", "none", ""), StringComparison.Ordinal);
        Assert.StartsWith("10.80.2.", await AddAsync(network, "a-green", "none", ""), StringComparison.Ordinal);
        Assert.StartsWith("10.80.1.", await AddAsync(network, "a-green", "own", """ "annotations": { "ipamsuite.dev/pools": "a-blue, a-green" } """), StringComparison.Ordinal);
        Assert.StartsWith("10.80.3.", cluster.Add(network, "").Address, StringComparison.Ordinal);
        // Who wasn't asked to look doesn't.
        Assert.StartsWith("10.80.3.", await AddAsync(network with { Ipam = """ "pools": ["a-spare"] """ }, "a-green", "unasked", """ "annotations": { "ipamsuite.dev/pools": "a-blue" } """), StringComparison.Ordinal);

        await cluster.CreatePodAsync("a-green", "asked", """ "annotations": { "ipamsuite.dev/pools": "a-blue,a-green" } """);
        var explained = Ipamctl.TryRun(cluster.Site, "explain", "--pod", "a-green/asked", "--config", cluster.Site.Write("a.conf", network.Json(cluster.Site)));
        Assert.Contains("POOLS          a-blue, a-green (annotation ipamsuite.dev/pools of pod a-green/asked, in place of a-spare)\n", explained.Stdout, StringComparison.Ordinal);
        Assert.Matches("0 +a-blue .*would be used\n0 +a-green .*used only if those before are exhausted", explained.Stdout);
    }

    [StoreFact("kubernetes")]
    public async Task An_annotation_gives_no_right_and_what_it_asks_for_in_vain_is_an_error()
    {
        await MakePoolsAsync("b", second: 81);
        await cluster.CreatePoolAsync("b-vrf", "10.81.4.0/24", """ "space": "vrf" """);
        await cluster.CreatePoolAsync("b-shop", "10.81.5.0/24", """ "namespaces": ["shop"] """);
        await cluster.CreateNamespaceAsync("b", """ "labels": {} """);
        var network = Network with { Ipam = """ "pools": ["b-spare"], "podAnnotations": true """ };

        foreach (var (name, pools, code, message) in ((string, string, int, string)[])
        [
            ("shop", "b-shop", 100, "no pool can be used of those that annotation ipamsuite.dev/pools of pod b/shop names: pool b-shop is for pods of namespaces shop, not b"),
            ("unknown", "b-blue,nowhere", 101, "annotation ipamsuite.dev/pools of pod b/unknown: there is no pool \"nowhere\""),
            ("vrf", "b-vrf", 101, "annotation ipamsuite.dev/pools of pod b/vrf: pool \"b-vrf\" is of space \"vrf\", but the network is of space \"default\""),
            ("list", "[\\\"b-blue\\\"]", 101, "annotation ipamsuite.dev/pools of pod b/list: \"[\"b-blue\"]\" is no name for a pool"),
        ])
        {
            var args = await cluster.CreatePodAsync("b", name, $$""" "annotations": { "ipamsuite.dev/pools": "{{pools}}" } """);
            Assert.Equal(message, cluster.Add(network, args).EnsureError(code).Message);
        }
        Assert.DoesNotContain(Ipamctl.Leases(cluster.Site), static lease => lease.Address.StartsWith("10.81.", StringComparison.Ordinal));

        Assert.StartsWith("10.81.1.", await AddAsync(network, "b", "second", """ "annotations": { "ipamsuite.dev/pools": "b-shop,b-blue" } """), StringComparison.Ordinal);
    }

    [StoreFact("kubernetes")]
    public async Task An_address_of_a_chosen_pool_is_checked_repeated_and_released_as_any_other()
    {
        await MakePoolsAsync("c", second: 82);
        await cluster.CreateNamespaceAsync("c", """ "labels": {} """);
        var network = Network with { Ipam = """ "pools": ["c-spare"], "podAnnotations": true """ };
        var pod = await cluster.CreatePodAsync("c", "web-0", """ "annotations": { "ipamsuite.dev/pools": "c-green" } """);
        var address = cluster.Site.Add(network, "chosen", pod).Address;
        Assert.StartsWith("10.82.2.", address, StringComparison.Ordinal);

        Assert.Equal(address, cluster.Site.Add(network, "chosen", pod).Address);
        var later = network with { Runtime = $$""" "prevResult": { "cniVersion": "1.1.0", "ips": [{ "address": "{{address}}/24" }] } """ };
        cluster.Site.Check(later, "chosen").EnsureSuccess();
        cluster.Site.Del(later, "chosen").EnsureSuccess();
        Assert.DoesNotContain(Ipamctl.Leases(cluster.Site), lease => lease.Address == address);
        Assert.Equal(102, cluster.Site.Check(later, "chosen").Error.Code);
    }

    [StoreFact("kubernetes")]
    public async Task While_the_API_server_is_away_nobody_gets_an_address_of_the_configurations_pools_in_place_of_the_chosen()
    {
        await MakePoolsAsync("d", second: 83);
        await cluster.CreateNamespaceAsync("d", """ "labels": {} """);
        var network = Network with { Ipam = """ "pools": ["d-spare"], "podAnnotations": true """ };
        var pod = await cluster.CreatePodAsync("d", "web-0", """ "annotations": { "ipamsuite.dev/pools": "d-green" } """);
        cluster.Add(network, pod).EnsureSuccess();

        cluster.Proxy.Mode = FaultMode.Refuse;
        cluster.Proxy.Cut();
        CniFailure failure;
        try
        {
            failure = cluster.Add(network, pod).EnsureError(11);
        }
        finally
        {
            cluster.Proxy.Mode = FaultMode.Pass;
        }

        Assert.StartsWith("pod d/web-0 can't be read, on which it depends what pools hand out: ", failure.Message, StringComparison.Ordinal);
        await Wait.UntilAsync(() => Task.FromResult(cluster.Add(network, pod).ExitCode == 0), "an address once the API server is back");
        Assert.DoesNotContain(Ipamctl.Leases(cluster.Site), static lease => lease.Address.StartsWith("10.83.3.", StringComparison.Ordinal));
    }

    private async Task MakePoolsAsync(string prefix, int second)
    {
        await cluster.CreatePoolAsync($"{prefix}-blue", $"10.{second}.1.0/24");
        await cluster.CreatePoolAsync($"{prefix}-green", $"10.{second}.2.0/24");
        await cluster.CreatePoolAsync($"{prefix}-spare", $"10.{second}.3.0/24");
    }

    private async Task<string> AddAsync(NetworkConfig network, string space, string pod, string metadata) => cluster.Add(network, await cluster.CreatePodAsync(space, pod, metadata)).Address;
}
