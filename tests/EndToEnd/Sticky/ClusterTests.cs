using EndToEnd.Pools;
using EndToEnd.Support;
using EndToEnd.Support.Stores;

namespace EndToEnd.Sticky;

/// <summary>Addresses that belong to objects of a cluster.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ClusterTests(ClusterFixture cluster)
{
    private const int Replicas = 6;

    [StoreFact("kubernetes")]
    public async Task A_StatefulSet_keeps_its_addresses_until_it_is_gone()
    {
        await cluster.CreateNamespaceAsync("sts", """ "labels": {} """);
        await cluster.CreatePoolAsync("sts", "10.90.0.0/24", """ "sticky": true """);
        var network = new NetworkConfig("sts") { Space = null, Ipam = """ "pools": ["sts"] """ };
        var set = await cluster.CreateStatefulSetAsync("sts", "web");
        var owned = $$""" "ownerReferences": [{ "apiVersion": "apps/v1", "kind": "StatefulSet", "name": "web", "uid": "{{set}}", "controller": true }] """;
        await using var other = await cluster.JoinAsync("there");
        await using var lost = await cluster.JoinAsync("lost");

        var first = new string[Replicas];
        for (var i = 0; i < Replicas; i++)
            first[i] = (i < Replicas / 2 ? cluster.Site : lost.Site).Add(network, $"first-{i}", await cluster.CreatePodAsync("sts", $"web-{i}", owned)).EnsureSuccess().Address;

        // Scaled down to nothing: the first half by their DELs, of the others their node is lost and the pods are deleted by force.
        for (var i = 0; i < Replicas; i++)
        {
            if (i < Replicas / 2)
                cluster.Site.Del(network, $"first-{i}").EnsureSuccess();
            await cluster.DeletePodAsync("sts", $"web-{i}");
        }
        var stranger = other.Site.Add(network, "stranger", await cluster.CreatePodAsync("sts", "stranger", "")).EnsureSuccess().Address;
        Assert.DoesNotContain(stranger, first);
        await cluster.CreatePodAsync("sts", "web-0", owned);
        var explained = Ipamctl.TryRun(cluster.Site, "explain", "--pod", "sts/web-0", "--config", cluster.Site.Write("sts.conf", network.Json(cluster.Site)));
        Assert.Contains($"STICKY         StatefulSet/sts/web-0, for whom {first[0]} is kept\n", explained.Stdout, StringComparison.Ordinal);
        Assert.Contains($"ADD NOW        {first[0]}, kept for StatefulSet/sts/web-0\n", explained.Stdout, StringComparison.Ordinal);
        await cluster.DeletePodAsync("sts", "web-0");

        // A container whose pod is deleted may run on, for all that anybody knows, as long as its node is there.
        var early = other.Site.Add(network, "early", await cluster.CreatePodAsync("sts", $"web-{Replicas - 1}", owned)).EnsureError(11);
        Assert.Contains("its pod is gone, but node lost hasn't said that the container is, too", early.Message, StringComparison.Ordinal);
        await cluster.DeletePodAsync("sts", $"web-{Replicas - 1}");
        await cluster.DeleteNodeAsync("lost");

        for (var i = 0; i < Replicas; i++)
            Assert.Equal(first[i], other.Site.Add(network, $"second-{i}", await cluster.CreatePodAsync("sts", $"web-{i}", owned)).EnsureSuccess().Address);
        // The lost node comes back: its DELs are about nothing any more.
        for (var i = Replicas / 2; i < Replicas; i++)
            lost.Site.Del(network, $"first-{i}").EnsureSuccess();
        Assert.Equal(Replicas + 1, Ipamctl.Addresses(cluster.Site, network).Count);

        for (var i = 0; i < Replicas; i++)
        {
            other.Site.Del(network, $"second-{i}").EnsureSuccess();
            await cluster.DeletePodAsync("sts", $"web-{i}");
        }
        Assert.Equal(Replicas, Kept());
        Assert.Equal(0, Ipamctl.TryRun(cluster.Site, TimeSpan.FromMinutes(1), "gc", "--grace", "1").ExitCode);
        Assert.Equal(Replicas, Kept());
        await cluster.DeleteStatefulSetAsync("sts", "web");
        var collected = Ipamctl.TryRun(cluster.Site, TimeSpan.FromMinutes(1), "gc", "--grace", "1");
        Assert.True(collected.ExitCode == 0 && Kept() == 0, collected.ToString());
        Assert.Equal(stranger, Assert.Single(Ipamctl.Addresses(cluster.Site, network)));
    }

    private int Kept() => Ipamctl.TryRun(cluster.Site, "lease", "list", "--pool", "sts", "--state", "kept", "-o", "name").Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
}
