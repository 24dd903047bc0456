using System.Text.Json;
using Ipam.Core.Addresses;
using Ipam.Core.Pools;
using Ipam.Service.Pools;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Pools;

/// <summary>Addresses of pools, and of none that are reserved.</summary>
public sealed class PoolTests : IAsyncLifetime
{
    private TestDaemon _daemon = null!;

    public async Task InitializeAsync() =>
        _daemon = await TestDaemon.StartAsync(static options => options with { NodeLabels = "zone=east" }, static _ => { });

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Fact]
    public async Task The_next_pool_is_for_when_the_first_is_used_up()
    {
        await PutAsync(Pool("blue", "10.1.0.0/30"), Pool("spare", "10.2.0.0/24"));

        Assert.Equal("10.1.0.2/30", await AddAsync("a", """ "pools": ["blue", "spare"] """));
        Assert.Equal("10.2.0.2/24", await AddAsync("b", """ "pools": ["blue", "spare"] """));
    }

    [Fact]
    public async Task Pools_of_two_families_give_one_address_of_each_behind_those_of_the_ranges()
    {
        await PutAsync(Pool("blue", "10.1.0.0/24", "fd00:1::/64"));

        Assert.Equal("10.9.0.2/24 10.1.0.2/24 fd00:1::2/64", await AddAsync("a", """ "subnet": "10.9.0.0/24", "pools": ["blue"] """));
    }

    [Fact]
    public async Task A_pools_routes_come_behind_those_of_the_configuration()
    {
        await PutAsync(Pool("blue", "10.1.0.0/24") with { Routes = [new PoolRoute(Prefix.Parse("192.168.0.0/16"), Address.Parse("10.1.0.9"))] });

        var answer = (await CallAsync("add", "a", """ "pools": ["blue"], "routes": [{ "dst": "0.0.0.0/0" }] """)).EnsureOk();
        using var json = JsonDocument.Parse(answer.Body);
        Assert.Equal(
            ["0.0.0.0/0 ", "192.168.0.0/16 10.1.0.9"],
            json.RootElement.GetProperty("routes").EnumerateArray()
                .Select(static route => $"{route.GetProperty("dst")} {(route.TryGetProperty("gw", out var gateway) ? gateway : "")}"));
    }

    [Fact]
    public async Task A_pool_that_nobody_made_costs_one_look_at_the_stores_past_however_many_ask()
    {
        await PutAsync(Pool("blue", "10.1.0.0/24"));
        (await CallAsync("add", "first", """ "pools": ["bleu"] """)).EnsureError(7);
        var before = _daemon.Store.Pasts.Reads;

        // Longer than what was read of the catalog serves, again and again. The store's guard reads the past every five seconds.
        for (var i = 0; i < 10; i++)
        {
            (await CallAsync("add", $"c{i}", """ "pools": ["bleu"] """)).EnsureError(7);
            await Task.Delay(PoolCatalogSource.MaxAge);
        }

        Assert.InRange(_daemon.Store.Pasts.Reads - before, 0, 2);
    }

    [Theory]
    [InlineData("disabled", "pool blue is disabled")]
    [InlineData("node", "pool blue is not for node here (see its nodeSelector)")]
    [InlineData("label", "pool blue is for nodes with the labels zone=west, disk=fast, and node here has zone=east and no disk (see its nodeSelector)")]
    [InlineData("namespace", "pool blue is for pods of namespaces lab, not shop")]
    [InlineData("namespace", "pool blue is for pods of namespaces lab, not for one that isn't said", "")]
    [InlineData("podLabel", "pool blue is for pods with the labels app=web, and those of the pod aren't known: the store belongs to no Kubernetes cluster (see its podSelector)", "")]
    [InlineData("namespaceLabel", "pool blue is for namespaces with the labels tier=gold, and those of namespace shop aren't known: the store belongs to no Kubernetes cluster (see its namespaceSelector)")]
    [InlineData("podLabel", "pool blue is for pods with the labels app=web, and those of pod shop/web-0 aren't known: the store belongs to no Kubernetes cluster (see its podSelector)")]
    [InlineData("network", "pool blue is for networks storage, backup, not net")]
    public async Task A_pool_that_is_not_for_the_asker_hands_out_nothing(string why, string reason, string args = "K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web-0")
    {
        var blue = Pool("blue", "10.1.0.0/24");
        await PutAsync(Pool("spare", "10.2.0.0/24"), why switch
        {
            "disabled" => blue with { IsDisabled = true },
            "node" => blue with { NodeSelector = new NodeSelector { Nodes = ["there"] } },
            "label" => blue with { NodeSelector = new NodeSelector { Labels = new Dictionary<string, string> { ["zone"] = "west", ["disk"] = "fast" } } },
            "namespaceLabel" => blue with { NamespaceSelector = new LabelSelector { Labels = new Dictionary<string, string> { ["tier"] = "gold" } } },
            "podLabel" => blue with { PodSelector = new LabelSelector { Labels = new Dictionary<string, string> { ["app"] = "web" } } },
            "network" => blue with { Networks = ["storage", "backup"] },
            _ => blue with { Namespaces = ["lab"] },
        });

        Assert.Equal("10.2.0.2/24", await AddAsync("a", """ "pools": ["blue", "spare"] """));
        var error = (await _daemon.Client.CallAsync("add", NetworkJson.Text(""" "pools": ["blue"] """), "b", ("CNI_ARGS", args))).EnsureError(100);
        Assert.Equal($"no pool can be used: {reason}", error.Message);
        (await CallAsync("status", null, """ "pools": ["spare"], "status": "strict" """)).EnsureOk();
    }

    [Fact]
    public async Task A_pool_is_for_the_nodes_with_its_labels_and_the_pods_of_its_namespaces()
    {
        await PutAsync(Pool("blue", "10.1.0.0/24") with
        {
            NodeSelector = new NodeSelector { Nodes = ["here", "there"], Labels = new Dictionary<string, string> { ["zone"] = "east" } },
            Namespaces = ["shop", "bank"],
            Networks = ["storage", "net"],
        });

        (await _daemon.Client.CallAsync(
            "add", NetworkJson.Text(""" "pools": ["blue"] """), "a", ("CNI_ARGS", "IgnoreUnknown=1;K8S_POD_NAMESPACE=bank;K8S_POD_NAME=teller"))).EnsureOk();
        (await CallAsync("status", null, """ "pools": ["blue"] """)).EnsureOk();
    }

    [Fact]
    public async Task Who_holds_an_address_of_a_pool_keeps_it_when_the_pool_is_disabled()
    {
        await PutAsync(Pool("blue", "10.1.0.0/24"), Pool("spare", "10.2.0.0/24"));
        var address = await AddAsync("a", """ "pools": ["blue", "spare"] """);
        await ChangeAsync("blue", static pool => pool with { IsDisabled = true });

        Assert.Equal(address, await AddAsync("a", """ "pools": ["blue", "spare"] """));
        (await CallAsync("check", "a", """ "pools": ["blue", "spare"] """)).EnsureOk();
        Assert.Equal("10.2.0.2/24", await AddAsync("b", """ "pools": ["blue", "spare"] """));
        (await CallAsync("del", "a", """ "pools": ["blue", "spare"] """)).EnsureOk();
        Assert.Empty(await _daemon.LeasesOf("a"));
    }

    [Fact]
    public async Task A_change_of_a_pools_ranges_touches_no_lease_and_holds_for_the_next()
    {
        await PutAsync(Pool("blue", "10.1.0.0/24"));
        await AddAsync("a", """ "pools": ["blue"] """);
        await ChangeAsync("blue", static pool => pool with { Ranges = [new PoolRange { Subnet = Prefix.Parse("10.3.0.0/24") }] });

        Assert.Equal("10.3.0.2/24", await AddAsync("b", """ "pools": ["blue"] """));
        Assert.Equal("10.1.0.2", Assert.Single(await _daemon.LeasesOf("a")).Address.ToString());
    }

    [Fact]
    public async Task A_freed_address_rests_as_the_pool_says()
    {
        await PutAsync(Pool("blue", "10.1.0.0/24") with { Policy = new AllocationPolicy { Order = AllocationOrder.Lowest, Cooldown = TimeSpan.FromMinutes(1) } });
        Assert.Equal("10.1.0.2/24", await AddAsync("a", """ "pools": ["blue"] """));
        (await CallAsync("del", "a", """ "pools": ["blue"] """)).EnsureOk();

        Assert.Equal("10.1.0.3/24", await AddAsync("b", """ "pools": ["blue"] """));
        var request = (await _daemon.Client.CallAsync("add", NetworkJson.Text(""" "pools": ["blue"] """), "c", ("CNI_ARGS", "IP=10.1.0.2"))).EnsureError(101);
        Assert.Equal("requested IP address 10.1.0.2 was freed a short while ago and cools down", request.Message);
    }

    [Fact]
    public async Task Two_pools_that_overlap_never_hand_out_an_address_twice()
    {
        await PutAsync(Pool("blue", "10.1.0.0/29"), Pool("green", "10.1.0.0/28"));
        var handedOut = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            handedOut.Add((await AddAsync($"b{i}", """ "pools": ["blue"] """)).Split('/')[0]);
            handedOut.Add((await AddAsync($"g{i}", """ "pools": ["green"] """)).Split('/')[0]);
            if (i == 1)
                break;
        }
        Assert.Distinct(handedOut);
    }

    [Fact]
    public async Task What_is_reserved_is_handed_out_neither_by_ranges_nor_by_pools_nor_on_request()
    {
        await PutAsync(Pool("blue", "10.1.0.0/24"));
        await _daemon.Store.Pools.PutAsync(
            new Reservation { Name = "printers", Addresses = [new AddressRange(Address.Parse("10.1.0.2"), Address.Parse("10.1.0.9"))], Reason = "floor 3" }, default);
        await SettleAsync();

        Assert.Equal("10.1.0.10/24", await AddAsync("a", """ "pools": ["blue"] """));
        Assert.Equal("10.1.0.11/24", await AddAsync("b", """ "subnet": "10.1.0.0/24" """));
        Assert.Equal("10.1.0.2/24", await AddAsync("c", """ "subnet": "10.1.0.0/24", "space": "other" """));
        var error = (await _daemon.Client.CallAsync("add", NetworkJson.Text(""" "subnet": "10.1.0.0/24" """), "d", ("CNI_ARGS", "IP=10.1.0.5"))).EnsureError(101);
        Assert.Equal("requested IP address 10.1.0.5 is reserved by \"printers\" (floor 3)", error.Message);
    }

    [Fact]
    public async Task A_pool_that_is_not_there_is_the_configurations_fault()
    {
        await PutAsync(Pool("blue", "10.1.0.0/24"), Pool("green", "10.2.0.0/24") with { Space = "lab" });

        var missing = (await CallAsync("add", "a", """ "pools": ["bleu"] """)).EnsureError(7);
        Assert.Equal("ipam: there is no pool \"bleu\"; create it with 'ipamctl pool create bleu --range SUBNET'", missing.Message);
        Assert.Equal("pools: blue, green", missing.Details);
        (await CallAsync("add", "a", """ "pools": ["blue", "green"] """)).EnsureError(7);
        (await CallAsync("add", "a", """ "pools": [1] """)).EnsureError(7);
    }

    private static Pool Pool(string name, params string[] subnets) =>
        new() { Name = name, Ranges = [.. subnets.Select(static subnet => new PoolRange { Subnet = Prefix.Parse(subnet) })] };

    private async Task PutAsync(params Pool[] pools)
    {
        await _daemon.WhenReady;
        foreach (var pool in pools)
            Assert.True(await _daemon.Store.Pools.PutAsync(pool, default));
        await SettleAsync();
    }

    private async Task ChangeAsync(string name, Func<Pool, Pool> change)
    {
        var catalog = await _daemon.Store.Pools.ReadAsync(default);
        Assert.True(await _daemon.Store.Pools.PutAsync(change(catalog.Pools.Single(pool => pool.Name == name)), default));
        await SettleAsync();
    }

    /// <summary>Until ipamd goes by what the store has now.</summary>
    private static Task SettleAsync() => Task.Delay(PoolCatalogSource.MaxAge);

    private Task<ServiceAnswer> CallAsync(string verb, string? container, string ipam) =>
        _daemon.Client.CallAsync(verb, NetworkJson.Text(ipam), container);

    private async Task<string> AddAsync(string container, string ipam)
    {
        using var json = JsonDocument.Parse((await CallAsync("add", container, ipam)).EnsureOk().Body);
        return string.Join(' ', json.RootElement.GetProperty("ips").EnumerateArray().Select(static ip => ip.GetProperty("address").GetString()));
    }
}
