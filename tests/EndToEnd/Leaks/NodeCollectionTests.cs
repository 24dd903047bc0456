using System.Text.RegularExpressions;
using EndToEnd.Support;
using EndToEnd.Support.Stores;

namespace EndToEnd.Leaks;

/// <summary>Addresses of nodes that are no more.</summary>
public sealed partial class NodeCollectionTests
{
    private static readonly NetworkConfig Network = new("collected") { Ipam = """ "ranges": [[{ "subnet": "10.61.0.0/22" }]] """ };

    [StoreFact("kubernetes")]
    public async Task What_a_node_held_that_was_deleted_is_released_and_nothing_else()
    {
        await using var server = (KubernetesStoreServer)await StoreServer.StartAsync("kubernetes");
        var url = Often().Replace(server.Url(), "renewSeconds=1");
        foreach (var node in (string[])["node0", "node1", "node2"])
            await server.JoinAsync(node);
        // A cluster without any pod is not believed.
        await server.CreatePodAsync("alive", "node0");
        await server.CreatePodAsync("other", "node0");
        using var first = new Site(store: url);
        using var second = new Site(store: url);
        using var third = new Site(store: url);
        using var looker = new Site(store: server.UrlOfCollector(renewSeconds: 1));
        Assert.Equal(0, Ipamctl.TryRun(first, "pool", "create", "watched", "--range", "10.61.0.0/22", "--space", "collected").ExitCode);
        await using var reports = await Ipamd.StartAsync(first, "--node", "node0");
        var kept = new List<string> { first.Add(Network, "on-node0").EnsureSuccess().Address };
        await using (var silent = await Ipamd.StartAsync(second, "--node", "node1"))
        {
            kept.Add(second.Add(Network, "on-node1").EnsureSuccess().Address);
            await silent.KillAsync();
        }
        await using (var dead = await Ipamd.StartAsync(third, "--node", "node2"))
        {
            // More than a block of them, and one of a pod that the cluster still has.
            Assert.All(Enumerable.Range(0, 70), i => third.Add(Network, $"c{i}").EnsureSuccess());
            kept.Add(third.Add(Network, "pod", "K8S_POD_NAMESPACE=default;K8S_POD_NAME=alive").EnsureSuccess().Address);
            await dead.KillAsync();
        }
        await server.LeaveAsync("node2");

        var dry = Ipamctl.TryRun(looker, "gc", "--grace", "3", "--dry-run");
        Assert.Equal(0, dry.ExitCode);
        Assert.Equal(70, Lines(dry.Stdout, "stays"));
        Assert.Equal(73, Ipamctl.Leases(first).Count);

        var done = Ipamctl.TryRun(looker, "gc", "--grace", "3");
        Assert.Equal((0, 70), (done.ExitCode, Lines(done.Stdout, "released")));
        Assert.True(await server.HasEventAsync("watched", "AddressesReleased"), "the pool has no Event of the releases");
        Assert.Contains("nodes: the cluster has no node node2 any more, for at least ", done.Stdout, StringComparison.Ordinal);
        Assert.Equal(kept.Order(StringComparer.Ordinal), Ipamctl.Leases(first).Select(static lease => lease.Address).Order(StringComparer.Ordinal));
        var again = Ipamctl.TryRun(looker, "gc", "--grace", "3");
        Assert.Equal((0, 0), (again.ExitCode, Lines(again.Stdout, "released")));
    }

    private static int Lines(string output, string state) => output.Split('\n').Count(line => line.Contains($" {state} ", StringComparison.Ordinal));

    [GeneratedRegex("renewSeconds=[0-9]+")]
    private static partial Regex Often();
}
