using EndToEnd.Support;
using EndToEnd.Support.Stores;

namespace EndToEnd.Quotas;

/// <summary>A namespace's quota, on each store, whoever asks at once.</summary>
public sealed class QuotaTests : WholeMachineTests
{
    private const int Nodes = 8;
    private const int Callers = 64;
    private const int Quota = 100;

    private static readonly NetworkConfig Network = new("quota") { Space = null, Ipam = """ "pools": ["blue"] """ };

    [Theory]
    [StoreData("sqlite")]
    [StoreData("redis")]
    [StoreData("kubernetes")]
    public async Task Of_64_callers_on_8_nodes_exactly_a_hundred_get_an_address_and_what_they_give_back_others_get(string kind)
    {
        await using var server = await StoreServer.StartAsync(kind);
        var sites = Enumerable.Range(0, Nodes).Select(_ => new Site(store: server.Url())).ToArray();
        var nodes = new List<Ipamd>();
        try
        {
            for (var i = 0; i < Nodes; i++)
                nodes.Add(await Ipamd.StartAsync(sites[i], "--node", $"node{i}"));
            Run(sites[0], "pool", "create", "blue", "--range", "10.1.0.0/16", "--quota", $"shop={Quota}");
            var held = (await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => Fill(sites[caller % Nodes], caller))))).SelectMany(static one => one).ToList();

            Assert.Equal(Quota, held.Count);
            Assert.Equal(Quota, held.Select(static one => one.Address).Distinct().Count());
            Assert.Equal(Quota, Ipamctl.Leases(sites[1]).Count);
            Assert.Contains($"shop: {Quota} of {Quota}", Run(sites[2], "pool", "show", "blue"), StringComparison.Ordinal);
            sites[3].Add(Network, "other", "K8S_POD_NAMESPACE=lab;K8S_POD_NAME=other").EnsureSuccess();

            foreach (var (site, container, _) in held.Take(10))
                site.Del(Network, container).EnsureSuccess();
            var last = sites[Nodes - 1];
            for (var i = 0; i < 10; i++)
                await Wait.UntilAsync(() => Add(last, $"again-{i}").Succeeded, "an address that was given back");
            Assert.Equal(100, Add(last, "one-too-many").EnsureError(100).Code);
            Assert.Equal(Quota + 1, Ipamctl.Leases(last).Count);

            // What a node had that is gone for good can be had, too.
            await nodes[0].KillAsync();
            var gone = Ipamctl.Leases(last).Count(static lease => lease.Node == "node0");
            Run(last, "node", "forget", "node0", "--force", "--yes");
            for (var i = 0; i < gone; i++)
                await Wait.UntilAsync(() => Add(last, $"instead-{i}").Succeeded, "an address of the node that is gone");
            Assert.Equal(100, Add(last, "one-too-many").EnsureError(100).Code);
        }
        finally
        {
            foreach (var ipamd in nodes)
                await ipamd.DisposeAsync();
            foreach (var site in sites)
                site.Dispose();
        }
    }

    /// <summary>Asks until there is nothing left.</summary>
    private static List<(Site Site, string Container, string Address)> Fill(Site site, int caller)
    {
        var held = new List<(Site, string, string)>();
        while (Add(site, $"c{caller}-{held.Count}") is { Succeeded: true } outcome)
            held.Add((site, $"c{caller}-{held.Count}", outcome.Address));
        return held;
    }

    private static CniOutcome Add(Site site, string container) => site.Add(Network, container, $"K8S_POD_NAMESPACE=shop;K8S_POD_NAME={container}");

    private static string Run(Site site, params string[] arguments)
    {
        var outcome = Ipamctl.TryRun(site, TimeSpan.FromMinutes(1), arguments);
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        return outcome.Stdout;
    }
}
