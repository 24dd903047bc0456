using EndToEnd.Support;
using EndToEnd.Support.Stores;

namespace EndToEnd.Pools;

/// <summary>Pools that are for certain pods, in a cluster.</summary>
[Collection(ClusterCollection.Name)]
public sealed class PoolSelectorTests(ClusterFixture cluster)
{
    [StoreFact("kubernetes")]
    public async Task A_pod_with_the_labels_gets_an_address_of_the_pool_and_one_without_is_told_why()
    {
        await cluster.CreatePoolAsync("web", "10.70.0.0/24", """ "podSelector": { "labels": { "app": "web" } }, "namespaceSelector": { "labels": { "tier": "gold" } } """);
        await cluster.CreateNamespaceAsync("shop", """ "labels": { "tier": "gold" } """);
        await cluster.CreateNamespaceAsync("lab", """ "labels": { "tier": "silver" } """);
        var network = Of("web");

        var web = await cluster.CreatePodAsync("shop", "web-0", """ "labels": { "app": "web" } """);
        Assert.StartsWith("10.70.0.", cluster.Add(network, web).Address, StringComparison.Ordinal);

        var db = cluster.Add(network, await cluster.CreatePodAsync("shop", "db-0", """ "labels": { "app": "db" } """)).EnsureError(100);
        Assert.Equal("no pool can be used: pool web is for pods with the labels app=web, and pod shop/db-0 has app=db (see its podSelector)", db.Message);
        Assert.Contains("give who asks the labels that it wants", db.Details, StringComparison.Ordinal);
        var other = cluster.Add(network, await cluster.CreatePodAsync("lab", "web-0", """ "labels": { "app": "web" } """)).EnsureError(100);
        Assert.EndsWith("pool web is for namespaces with the labels tier=gold, and namespace lab has tier=silver (see its namespaceSelector)", other.Message, StringComparison.Ordinal);
        Assert.Contains("the runtime named no pod", cluster.Add(network, "").EnsureError(100).Message, StringComparison.Ordinal);
        Assert.Contains("the cluster has no such pod", cluster.Add(network, "K8S_POD_NAMESPACE=shop;K8S_POD_NAME=gone").EnsureError(100).Message, StringComparison.Ordinal);
        Assert.Contains("is another one", cluster.Add(network, "K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web-0;K8S_POD_UID=old").EnsureError(100).Message, StringComparison.Ordinal);

        // Whom it isn't for it gives nothing on request either.
        var asked = cluster.Add(network, "IP=10.70.0.200;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=db-0").EnsureError(101);
        Assert.Contains("pod shop/db-0 has app=db", asked.Message, StringComparison.Ordinal);
        var explained = Ipamctl.TryRun(cluster.Site, "explain", "--pod", "shop/db-0", "--config", Write(network));
        Assert.Contains("and pod shop/db-0 has app=db (see its podSelector)", explained.Stdout, StringComparison.Ordinal);
        Assert.Equal(8, explained.ExitCode);
        await cluster.CreatePodAsync("shop", "web-1", """ "labels": { "app": "web" } """);
        Assert.Contains("would be used", Ipamctl.TryRun(cluster.Site, "explain", "--pod", "shop/web-1", "--config", Write(network)).Stdout, StringComparison.Ordinal);
    }

    [StoreFact("kubernetes")]
    public async Task Who_holds_an_address_keeps_it_when_its_labels_change_and_the_next_pod_goes_by_the_new_ones()
    {
        await cluster.CreatePoolAsync("blue", "10.71.0.0/24", """ "podSelector": { "labels": { "team": "blue" } } """);
        await cluster.CreatePoolAsync("rest", "10.72.0.0/24");
        await cluster.CreateNamespaceAsync("keep", """ "labels": {} """);
        var network = Of("blue", "rest");
        var pod = await cluster.CreatePodAsync("keep", "a", """ "labels": { "team": "blue" } """);
        var address = cluster.Site.Add(network, "kept", pod).Address;
        Assert.StartsWith("10.71.0.", address, StringComparison.Ordinal);

        await cluster.ChangeAsync("keep/pods/a", """ "labels": { "team": "red" } """);

        Assert.Equal(address, cluster.Site.Add(network, "kept", pod).Address);
        cluster.Site.Check(network with { Runtime = $$""" "prevResult": { "cniVersion": "1.1.0", "ips": [{ "address": "{{address}}/24" }] } """ }, "kept").EnsureSuccess();
        Assert.StartsWith("10.72.0.", cluster.Add(network, pod).Address, StringComparison.Ordinal);
        cluster.Site.Del(network, "kept").EnsureSuccess();
        Assert.DoesNotContain(Ipamctl.Leases(cluster.Site), lease => lease.Address == address);
    }

    [StoreFact("kubernetes")]
    public async Task While_the_API_server_is_away_nobody_is_let_in_unasked()
    {
        await cluster.CreatePoolAsync("away", "10.73.0.0/24", """ "podSelector": { "labels": { "app": "web" } } """);
        await cluster.CreateNamespaceAsync("away", """ "labels": {} """);
        var pod = await cluster.CreatePodAsync("away", "web-0", """ "labels": { "app": "web" } """);
        var network = Of("away");
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

        Assert.StartsWith("pod away/web-0 can't be read, on which it depends what pools hand out: ", failure.Message, StringComparison.Ordinal);
        await Wait.UntilAsync(() => Task.FromResult(cluster.Add(network, pod).ExitCode == 0), "an address once the API server is back");
    }

    private static NetworkConfig Of(params string[] pools) =>
        new("net") { Space = null, Ipam = $$""" "pools": [{{string.Join(", ", pools.Select(static pool => $"\"{pool}\""))}}] """ };

    private string Write(NetworkConfig network) => cluster.Site.Write("net.conf", network.Json(cluster.Site));
}
