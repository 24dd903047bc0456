using System.Net;
using EndToEnd.Support;
using EndToEnd.Support.Stores;

namespace EndToEnd.Pools;

/// <summary>IPPool objects, as people handle them with kubectl.</summary>
public sealed class PoolObjectTests
{
    private const string Pools = "apis/ipamsuite.dev/v1alpha1/ippools";

    private static readonly NetworkConfig Network = new("pools") { Space = null, Ipam = """ "pools": ["small"] """ };

    [StoreFact("kubernetes")]
    public async Task A_full_pool_has_an_event_and_a_deleted_one_with_a_lease_stays_until_it_is_released()
    {
        await using var server = (KubernetesStoreServer)await StoreServer.StartAsync("kubernetes");
        await server.Admin.MustAsync(HttpMethod.Post, Pools, """
            {"apiVersion":"ipamsuite.dev/v1alpha1","kind":"IPPool","metadata":{"name":"small"},"spec":{"ranges":[{"subnet":"10.61.0.0/30"}]}}
            """);
        using var site = new Site(store: server.Url());
        await using var ipamd = await Ipamd.StartAsync(site, "--node", "node0");
        site.Add(Network, "only").EnsureSuccess();
        await Wait.UntilAsync(() => server.HasEventAsync("small", "PoolExhausted"), "an Event about the full pool");
        await Wait.UntilAsync(async () => (await ReadAsync(server)).Body.Contains("ipamsuite.dev/leases", StringComparison.Ordinal), "a finalizer");

        await server.Admin.MustAsync(HttpMethod.Delete, $"{Pools}/small");
        Assert.Equal(HttpStatusCode.OK, (await ReadAsync(server)).Status);
        await Wait.UntilAsync(() => server.HasEventAsync("small", "DeletionWaits"), "an Event about the deletion");
        var refused = site.Add(Network, "late").Error;
        Assert.Equal((100, "no pool can be used: pool small is being deleted"), (refused.Code, refused.Message));
        Assert.Contains("deleting", Ipamctl.TryRun(site, "pool", "list").Stdout, StringComparison.Ordinal);

        site.Del(Network, "only").EnsureSuccess();
        await Wait.UntilAsync(async () => (await ReadAsync(server)).Status == HttpStatusCode.NotFound, "the end of the pool");
    }

    private static Task<(HttpStatusCode Status, string Body)> ReadAsync(KubernetesStoreServer server) => server.Admin.SendAsync(HttpMethod.Get, $"{Pools}/small");
}
