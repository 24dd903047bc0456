using System.Text.Json;
using Ipam.Core.Addresses;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Service.Pools;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Quotas;

/// <summary>What an ADD gets from pools with quotas.</summary>
public sealed class QuotaTests : IAsyncLifetime
{
    private TestDaemon _daemon = null!;

    public async Task InitializeAsync() => _daemon = await TestDaemon.StartAsync();

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Fact]
    public async Task Whose_quota_is_used_up_is_told_so_and_gets_the_next_pool_if_there_is_one()
    {
        await PutAsync(Pool("blue", "10.1.0.0/24", ("shop", 2)), Pool("spare", "10.2.0.0/24"));
        Assert.StartsWith("10.1.0.", await AddAsync("a"), StringComparison.Ordinal);
        Assert.StartsWith("10.1.0.", await AddAsync("b"), StringComparison.Ordinal);

        var error = (await CallAsync("c")).EnsureError(100);
        Assert.Equal("no pool can be used: pool blue has a quota of 2 addresses for namespace shop, and 2 addresses are taken", error.Message);
        Assert.StartsWith("10.2.0.", await AddAsync("c", """ "pools": ["blue", "spare"] """), StringComparison.Ordinal);
        Assert.StartsWith("10.1.0.", await AddAsync("d", podNamespace: "lab"), StringComparison.Ordinal);
        (await _daemon.Client.CallAsync("add", NetworkJson.Text(""" "pools": ["blue"] """), "no-pod")).EnsureOk();
    }

    [Fact]
    public async Task Who_repeats_his_request_has_what_he_had_and_who_is_deleted_makes_room()
    {
        await PutAsync(Pool("blue", "10.1.0.0/24", ("*", 1)));
        var address = await AddAsync("a");
        Assert.Equal(address, await AddAsync("a"));
        (await CallAsync("b")).EnsureError(100);
        (await CallAsync("a", verb: "check")).EnsureOk();

        (await CallAsync("a", verb: "del")).EnsureOk();
        Assert.StartsWith("10.1.0.", await AddAsync("b"), StringComparison.Ordinal);
        (await CallAsync("b", verb: "del")).EnsureOk();
        await Wait.UntilAsync(async () => (await SharesAsync("blue/shop")).Total == 0, "the share to be given back");
    }

    [Fact]
    public async Task An_address_of_each_family_takes_two_and_where_there_is_room_for_one_there_is_none()
    {
        await PutAsync(new Pool
        {
            Name = "blue",
            Ranges = [new PoolRange { Subnet = Prefix.Parse("10.1.0.0/24") }, new PoolRange { Subnet = Prefix.Parse("fd00:1::/64") }],
            Quotas = new Dictionary<string, long> { ["shop"] = 3 },
        });
        await AddAsync("a");
        var error = (await CallAsync("b")).EnsureError(100);
        Assert.EndsWith("a quota of 3 addresses for namespace shop, and 2 addresses are taken, 2 more wanted", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ADD_that_fails_for_another_reason_takes_nothing()
    {
        await PutAsync(Pool("blue", "10.1.0.0/30", ("shop", 5)));
        await AddAsync("a");
        (await CallAsync("b")).EnsureError(100);
        await Wait.UntilAsync(async () => (await SharesAsync("blue/shop")).Total == 1, "the share to be given back");
    }

    [Fact]
    public async Task A_larger_quota_holds_at_once_and_a_smaller_one_takes_nothing_away()
    {
        await PutAsync(Pool("blue", "10.1.0.0/24", ("shop", 1)));
        var address = await AddAsync("a");
        (await CallAsync("b")).EnsureError(100);
        await ChangeAsync("blue", static pool => pool with { Quotas = new Dictionary<string, long> { ["shop"] = 2 } });
        await AddAsync("b");
        await ChangeAsync("blue", static pool => pool with { Quotas = new Dictionary<string, long> { ["shop"] = 0 } });
        (await CallAsync("c")).EnsureError(100);
        Assert.Equal(address, await AddAsync("a"));
    }

    private async Task<QuotaShares> SharesAsync(string quota) => QuotaShares.Read(quota, await _daemon.Store.Quotas.FindAsync(quota, default));

    private static Pool Pool(string name, string subnet, params (string Namespace, long Quota)[] quotas) => new()
    {
        Name = name,
        Ranges = [new PoolRange { Subnet = Prefix.Parse(subnet) }],
        Quotas = quotas.ToDictionary(static quota => quota.Namespace, static quota => quota.Quota),
    };

    private async Task PutAsync(params Pool[] pools)
    {
        foreach (var pool in pools)
            Assert.True(await _daemon.Store.Pools.PutAsync(pool, default));
        await Task.Delay(PoolCatalogSource.MaxAge);
    }

    private async Task ChangeAsync(string name, Func<Pool, Pool> change)
    {
        Assert.True(await _daemon.Store.Pools.PutAsync(change((await _daemon.Store.Pools.ReadAsync(default)).FindPool(name)!), default));
        await Task.Delay(PoolCatalogSource.MaxAge);
    }

    private Task<ServiceAnswer> CallAsync(string container, string ipam = """ "pools": ["blue"] """, string podNamespace = "shop", string verb = "add") =>
        _daemon.Client.CallAsync(verb, NetworkJson.Text(ipam), container, ("CNI_ARGS", $"K8S_POD_NAMESPACE={podNamespace};K8S_POD_NAME={container}"));

    private async Task<string> AddAsync(string container, string ipam = """ "pools": ["blue"] """, string podNamespace = "shop")
    {
        using var json = JsonDocument.Parse((await CallAsync(container, ipam, podNamespace)).EnsureOk().Body);
        return string.Join(' ', json.RootElement.GetProperty("ips").EnumerateArray().Select(static ip => ip.GetProperty("address").GetString()));
    }
}
