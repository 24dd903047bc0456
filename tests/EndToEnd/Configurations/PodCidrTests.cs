using EndToEnd.Support;
using EndToEnd.Support.Stores;

namespace EndToEnd.Configurations;

/// <summary>Ranges that are the podCIDRs of the node.</summary>
public sealed class PodCidrTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private static readonly NetworkConfig Network = new("pod-cidr") { Ipam = """ "subnet": "usePodCidr" """ };

    [Fact]
    public void Outside_Kubernetes_they_are_refused() =>
        Assert.Contains("the store belongs to no Kubernetes cluster", service.Site.Add(Network).EnsureError(7).Message, StringComparison.Ordinal);

    [StoreFact("kubernetes")]
    public async Task A_node_that_gets_its_podCIDRs_late_hands_out_from_them_once_it_has_them()
    {
        await using var server = (KubernetesStoreServer)await StoreServer.StartAsync("kubernetes");
        await server.Admin.MustAsync(HttpMethod.Post, "api/v1/nodes", """{"apiVersion":"v1","kind":"Node","metadata":{"name":"late"}}""");
        using var site = new Site(store: server.Url());
        await using var ipamd = await Ipamd.StartAsync(site, "--node", "late");
        Assert.Contains("node late has none yet", site.Add(Network).EnsureError(11).Message, StringComparison.Ordinal);

        await server.Admin.MustAsync(
            HttpMethod.Put, "api/v1/nodes/late",
            """{"apiVersion":"v1","kind":"Node","metadata":{"name":"late"},"spec":{"podCIDR":"10.244.3.0/24","podCIDRs":["10.244.3.0/24","fd00:3::/64"]}}""");
        await Wait.UntilAsync(() => Task.FromResult(site.Add(Network).ExitCode == 0), "an address of the podCIDRs");

        Assert.Equal(2, site.Add(Network).Addresses.Count);
        Assert.All(site.Add(Network).Addresses, static address => Assert.Matches(@"^(10\.244\.3\.|fd00:3::)", address));
    }
}
