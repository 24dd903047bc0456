using EndToEnd.Support;
using EndToEnd.Support.Stores;

namespace EndToEnd.Nodes;

/// <summary>A node's name, which says whose leases are whose.</summary>
public sealed class NodeNameTests
{
    private static readonly NetworkConfig Network = new("names");

    [StoreFact("redis")]
    public async Task A_second_machine_under_the_same_name_does_not_start_and_what_it_takes_over_is_not_its_to_collect()
    {
        await using var server = await StoreServer.StartAsync("redis");
        using var first = new Site(store: server.Url());
        using var second = new Site(store: server.Url());
        await using var one = await Ipamd.StartAsync(first, "--node", "same");
        var live = first.Add(Network, "live").Address;

        await using (var two = Ipamd.Launch(second, "--node", "same"))
        {
            Assert.Equal(1, await two.ExitAsync());
            Assert.Contains("the node name 'same' is in use by another machine: ", two.Log.Text, StringComparison.Ordinal);
        }

        await using var taker = await Ipamd.StartAsync(second, "--node", "same", "--take-over");
        await one.Log.WaitForAsync("no address is handed out or released: the node name 'same' is in use by another machine");
        Assert.Equal(11, first.Add(Network, "late").Error.Code);
        second.Add(Network, "mine").EnsureSuccess();
        // The runtime of the second machine knows neither container.
        second.CallForNetwork("GC", Network with { Runtime = """ "cni.dev/valid-attachments": [] """ }).EnsureSuccess();
        Assert.Equal(live, Assert.Single(Ipamctl.Addresses(second, Network)));
        second.Del(Network, "live").EnsureSuccess();
        Assert.Empty(Ipamctl.Addresses(second, Network));
    }

    [Fact]
    public async Task A_second_ipamd_of_one_machine_under_the_same_name_does_not_start()
    {
        using var folder = new TempFolder();
        using var first = new Site(store: $"sqlite:{folder.Combine("ipam.db")}");
        using var second = new Site(store: first.Store);
        await using var one = await Ipamd.StartAsync(first, "--node", "same");

        await using var two = Ipamd.Launch(second, "--node", "same");
        Assert.Equal(1, await two.ExitAsync());
        Assert.Contains("the node name 'same' is in use by another ipamd: ", two.Log.Text, StringComparison.Ordinal);
        first.Add(Network, "goes-on").EnsureSuccess();
    }

    [RequiresTheory("redis-server")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_another_machine_handed_out_under_the_name_before_is_not_for_this_one_to_collect(bool hasLeft)
    {
        await using var server = await StoreServer.StartAsync("redis");
        using var first = new Site(store: server.Url());
        using var second = new Site(store: server.Url());
        var live = new List<string>();
        await using (var one = await Ipamd.StartAsync(first, "--node", "same"))
        {
            live.AddRange(Enumerable.Range(0, 5).Select(i => first.Add(Network, $"live{i}").Address));
            await (hasLeft ? one.StopAsync() : one.KillAsync());
        }

        for (var run = 0; run < 2; run++)
        {
            await using var two = Ipamd.Launch(second, "--node", "same");
            // Until the first one has been silent for long.
            await Wait.UntilAsync(() => two.Log.Text.Contains("store opened", StringComparison.Ordinal), "a store that is open");
            second.CallForNetwork("GC", Network with { Runtime = """ "cni.dev/valid-attachments": [] """ }).EnsureSuccess();
            Assert.Equal(live.Order(StringComparer.Ordinal), Ipamctl.Addresses(second, Network).Order(StringComparer.Ordinal));
            Assert.DoesNotContain(second.Add(Network, "mine").Address, live);
            second.Del(Network, "mine").EnsureSuccess();
            await two.StopAsync();
        }
    }

    [StoreFact("kubernetes")]
    public async Task A_renamed_node_still_knows_its_leases()
    {
        await using var server = await StoreServer.StartAsync("kubernetes");
        using var site = new Site(store: server.Url());
        string kept, gone;
        await using (await Ipamd.StartAsync(site, "--node", "old"))
        {
            kept = site.Add(Network, "kept").Address;
            gone = site.Add(Network, "gone").Address;
        }

        await using var ipamd = await Ipamd.StartAsync(site, "--node", "new");
        Assert.Equal(kept, site.Add(Network, "kept").Address);
        site.Del(Network, "gone").EnsureSuccess();
        Assert.Equal([kept], Ipamctl.Addresses(site, Network));
        Assert.NotEqual(kept, site.Add(Network, "another").Address);
        site.CallForNetwork("GC", Network with { Runtime = """ "cni.dev/valid-attachments": [] """ }).EnsureSuccess();
        Assert.Empty(Ipamctl.Addresses(site, Network));
        Assert.NotEqual("", gone);
    }
}
