using EndToEnd.Support;
using EndToEnd.Support.Stores;

namespace EndToEnd.Loss;

/// <summary>A store that loses what it confirmed, under nodes whose containers live on. A class for each kind: they needn't wait for each other.</summary>
public abstract class StoreLossTests
{
    private const int PerNode = 40;

    /// <summary>Before the loss a node has one block, and afterwards it needs another, which may be one that the store has forgotten.</summary>
    private static readonly NetworkConfig Network = new("lost") { Ipam = """ "ranges": [[{ "subnet": "10.60.0.0/24" }]] """ };

    protected static async Task EnsureNoLiveAddressIsHandedOutAgainAsync(string kind, string way)
    {
        await using var server = await StoreServer.StartAsync(kind);
        using var first = new Site(store: server.Url());
        using var second = new Site(store: server.Url());
        Site[] sites = [first, second];
        var nodes = new List<Ipamd>();
        try
        {
            foreach (var site in sites)
                nodes.Add(await Ipamd.StartAsync(site, "--node", NameOf(sites, site)));
            var held = new List<string>();
            foreach (var site in sites)
                held.AddRange(Enumerable.Range(0, PerNode / 2).Select(i => AddressOf(site.Add(Network, $"early{i}-{NameOf(sites, site)}"))));
            await server.SaveAsync();
            foreach (var site in sites)
                held.AddRange(Enumerable.Range(0, PerNode / 2).Select(i => AddressOf(TryUntilDone(() => site.Add(Network, $"late{i}-{NameOf(sites, site)}")))));

            await LoseAsync(server, nodes, sites, way);

            foreach (var site in sites)
                held.AddRange(Enumerable.Range(0, PerNode).Select(i => AddressOf(TryUntilDone(() => site.Add(Network, $"after{i}-{NameOf(sites, site)}")))));
            Assert.Equal(held.Count, held.Distinct().Count());
            if (server is KubernetesStoreServer kubernetes && way == "emptied")
                await Wait.UntilAsync(() => kubernetes.HasEventAsync("node0", "StoreLostData"), "an Event about the loss");
            Assert.Equal(held.Order(StringComparer.Ordinal), Ipamctl.Leases(first).Select(static lease => lease.Address).Order(StringComparer.Ordinal));
        }
        finally
        {
            foreach (var node in nodes)
                await node.DisposeAsync();
        }
    }

    private static async Task LoseAsync(StoreServer server, List<Ipamd> nodes, Site[] sites, string way)
    {
        if (way == "set back while nobody looked")
        {
            foreach (var node in nodes)
                await node.KillAsync();
        }
        await (way.StartsWith("set back", StringComparison.Ordinal) ? server.RestoreAsync() : server.EmptyAsync());
        if (way is not ("emptied, then restarted" or "set back while nobody looked"))
            return;
        for (var i = 0; i < nodes.Count; i++)
        {
            await nodes[i].DisposeAsync();
            nodes[i] = Ipamd.Launch(sites[i], "--node", NameOf(sites, sites[i]));
        }
    }

    private static string NameOf(Site[] sites, Site site) => $"node{Array.IndexOf(sites, site)}";

    private static string AddressOf(CniOutcome outcome) => outcome.EnsureSuccess().Address;

    /// <summary>As runtimes do: tries again while it is told to.</summary>
    private static CniOutcome TryUntilDone(Func<CniOutcome> call)
    {
        CniOutcome outcome = null!;
        Wait.Until(
            () =>
            {
                outcome = call();
                if (!outcome.Succeeded)
                    outcome.EnsureError(11);
                return outcome.Succeeded;
            },
            "an address");
        return outcome;
    }

    /// <summary>All ways in which a kind of store loses data.</summary>
    protected sealed class WaysAttribute(string kind) : StoreDataAttribute(kind)
    {
        protected override IEnumerable<string> Others => ["emptied", "set back", "emptied, then restarted", "set back while nobody looked"];
    }
}

public sealed class SqliteLossTests : StoreLossTests
{
    [Theory]
    [Ways("sqlite")]
    public Task No_live_address_is_handed_out_again_when_the_store_lost_it(string kind, string way) => EnsureNoLiveAddressIsHandedOutAgainAsync(kind, way);
}

public sealed class RedisLossTests : StoreLossTests
{
    [Theory]
    [Ways("redis")]
    public Task No_live_address_is_handed_out_again_when_the_store_lost_it(string kind, string way) => EnsureNoLiveAddressIsHandedOutAgainAsync(kind, way);
}

public sealed class KubernetesLossTests : StoreLossTests
{
    [Theory]
    [Ways("kubernetes")]
    public Task No_live_address_is_handed_out_again_when_the_store_lost_it(string kind, string way) => EnsureNoLiveAddressIsHandedOutAgainAsync(kind, way);
}
