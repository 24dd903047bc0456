using System.Text;
using Cni.Protocol;
using Ipam.Core.Addresses;
using Ipam.Core.Pools;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Pools;

/// <summary>Routes that several places give, gateways that can't be one, and whose pods a pool is for.</summary>
public sealed class RouteOnceTests : IAsyncLifetime
{
    private TestDaemon _daemon = null!;

    public async Task InitializeAsync() => _daemon = await TestDaemon.StartAsync();

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Fact]
    public async Task A_route_that_two_pools_and_the_configuration_give_is_in_the_result_once()
    {
        var route = new PoolRoute(Prefix.Parse("10.96.0.0/12"), null);
        await PutAsync("four", "10.1.0.0/24", route, new PoolRoute(Prefix.Parse("0.0.0.0/0"), null));
        await PutAsync("six", "fd00:1::/64", route);

        var routes = await RoutesAsync("""
            "pools": ["four", "six"], "routes": [{ "dst": "0.0.0.0/0" }, { "dst": "0.0.0.0/0" }, { "dst": "10.96.0.0/12", "table": 100 }, { "dst": "10.96.0.0/12", "gw": "10.1.0.9" }]
            """);

        Assert.Equal(["0.0.0.0/0  ", "10.96.0.0/12  100", "10.96.0.0/12 10.1.0.9 ", "10.96.0.0/12  "], routes);
    }

    [Fact]
    public async Task Without_pools_too() => Assert.Equal(["0.0.0.0/0  "], await RoutesAsync("""
        "subnet": "10.2.0.0/24", "routes": [{ "dst": "0.0.0.0/0" }, { "dst": "0.0.0.0/0" }]
        """));

    [Theory]
    [InlineData("""{ "dst": "0.0.0.0/0" }, { "dst": "0.0.0.0/0", "gw": "10.1.0.1" }""", "0.0.0.0/0  ")]
    [InlineData("""{ "dst": "10.0.0.5/8" }, { "dst": "10.0.0.0/8" }""", "10.0.0.0/8  ")]
    [InlineData("""{ "dst": "10.0.0.5/8" }""", "10.0.0.0/8  ")]
    [InlineData("""{ "dst": "fd00::5/32" }""", "fd00::/32  ")]
    [InlineData("""{ "dst": "10.0.0.0/8", "table": 254 }, { "dst": "10.0.0.0/8", "table": 0, "scope": 0, "mtu": 1400 }""", "10.0.0.0/8  254")]
    [InlineData("""{ "dst": "10.0.0.0/8", "gw": "0.0.0.0" }, { "dst": "10.0.0.0/8" }""", "10.0.0.0/8 0.0.0.0 ", "10.0.0.0/8  ")]
    [InlineData("""{ "dst": "10.0.0.0/8" }, { "dst": "10.0.0.0/8", "priority": 1024 }""", "10.0.0.0/8  ", "10.0.0.0/8  ")]
    [InlineData("""{ "dst": "fd00::/32" }, { "dst": "fd00::/32", "priority": 1024, "scope": 253, "gw": "fd00:1::1" }""", "fd00::/32  ")]
    [InlineData("""{ "dst": "172.16.0.0/12", "gw": "10.1.0.1" }""", "172.16.0.0/12 10.1.0.1 ")]
    public async Task Routes_are_told_apart_as_the_kernel_does(string routes, params string[] expected)
    {
        await PutAsync("four", "10.1.0.0/24", new PoolRoute(Prefix.Parse("172.16.0.9/12"), Address.Parse("10.1.0.1")));
        await PutAsync("six", "fd00:1::/64", new PoolRoute(Prefix.Parse("172.16.0.0/12"), null));

        var found = await RoutesAsync($"\"pools\": [\"four\", \"six\"], \"routes\": [{routes}]");

        // The pools' own is one, too, and none of its own beside the configuration's.
        Assert.Equal(expected.Contains("172.16.0.0/12 10.1.0.1 ") ? expected : [.. expected, "172.16.0.0/12 10.1.0.1 "], found);
    }

    [Theory]
    [InlineData("scope", "256", "255")]
    [InlineData("scope", "-1", "255")]
    [InlineData("mtu", "65521", "65520")]
    [InlineData("advmss", "65496", "65495")]
    public async Task A_number_that_the_kernel_would_cut_down_is_refused(string key, string value, string largest) => Assert.Equal(
        $"route 0 in ipam: \"{key}\" is {value}; the kernel takes 0 to {largest}",
        (await _daemon.Client.CallAsync("add", NetworkJson.Text($"\"subnet\": \"10.2.0.0/24\", \"routes\": [{{ \"dst\": \"10.0.0.0/8\", \"{key}\": {value} }}]"))).EnsureError(7).Message);

    [Theory]
    [InlineData("0.0.0.0", "0.0.0.0/0")]
    [InlineData("::", "::/0")]
    public async Task An_unspecified_gateway_of_a_route_stands_for_an_on_link_route(string gateway, string destination) =>
        Assert.Equal([$"{destination} {gateway} "], await RoutesAsync($"\"subnet\": \"10.2.0.0/24\", \"routes\": [{{ \"dst\": \"{destination}\", \"gw\": \"{gateway}\" }}]"));

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("127.0.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::ffff:0.0.0.0")]
    public async Task A_gateway_that_is_no_host_is_refused_in_a_configuration_and_in_a_pool(string gateway)
    {
        var error = (await _daemon.Client.CallAsync("add", NetworkJson.Text($"\"subnet\": \"10.2.0.0/24\", \"gateway\": \"{gateway}\""))).EnsureError(7);

        Assert.Contains("is not the address of a host", error.Message, StringComparison.Ordinal);
        var pool = Pool("blue", "10.1.0.0/24");
        Assert.Contains("is not the address of a host", PoolRules.Check(pool with { Ranges = [pool.Ranges[0] with { Gateway = Address.Parse(gateway) }] }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("ff02::1")]
    public async Task So_it_is_for_IPv6(string gateway) => Assert.Contains(
        "is not the address of a host",
        (await _daemon.Client.CallAsync("add", NetworkJson.Text($"\"subnet\": \"fd00::/64\", \"gateway\": \"{gateway}\""))).EnsureError(7).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("*")]
    [InlineData("")]
    [InlineData("shop2")]
    public async Task A_pool_of_a_namespace_is_opened_by_no_other_text(string text)
    {
        await _daemon.Store.Pools.PutAsync(Pool("blue", "10.1.0.0/24") with { Namespaces = ["shop"] }, default);
        await Task.Delay(PoolAge);

        (await _daemon.Client.CallAsync("add", NetworkJson.Text("\"pools\": [\"blue\"]"), "c1", ("CNI_ARGS", $"K8S_POD_NAMESPACE={text};K8S_POD_NAME=web"))).EnsureError(100);
    }

    [Fact]
    public async Task An_exhausted_pool_is_named_and_its_gateway_is_not_counted()
    {
        await _daemon.Store.Pools.PutAsync(Pool("tiny", "10.91.0.0/30"), default);
        await Task.Delay(PoolAge);
        const string pools = "\"pools\": [\"tiny\"]";
        (await _daemon.Client.CallAsync("add", NetworkJson.Text(pools), "c1")).EnsureOk();

        var error = (await _daemon.Client.CallAsync("add", NetworkJson.Text(pools), "c2")).EnsureError(100);

        Assert.Equal("no IP addresses available in pool tiny: 10.91.0.2 of pool tiny", error.Message);
        Assert.StartsWith("1 held in space \"default\"; ", error.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disabled_pool_beside_it_is_shown_with_what_it_would_hand_out()
    {
        await _daemon.Store.Pools.PutAsync(Pool("tiny", "10.91.0.0/30"), default);
        await _daemon.Store.Pools.PutAsync(Pool("dis", "10.80.1.0/24") with { IsDisabled = true }, default);
        await Task.Delay(PoolAge);
        const string pools = "\"pools\": [\"tiny\", \"dis\"]";
        (await _daemon.Client.CallAsync("add", NetworkJson.Text(pools), "c1")).EnsureOk();

        var error = (await _daemon.Client.CallAsync("add", NetworkJson.Text(pools), "c2")).EnsureError(100);

        Assert.EndsWith(": 10.91.0.2 of pool tiny, 10.80.1.2-10.80.1.254 of pool dis", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_IPv4_mapped_address_in_prevResult_is_the_IPv4_address()
    {
        const string ipam = "\"subnet\": \"10.2.0.0/24\"";
        var address = (await _daemon.Client.CallAsync("add", NetworkJson.Text(ipam))).Addresses.Split('/')[0];

        (await _daemon.Client.CallAsync(
            "check", NetworkJson.Text(ipam, $"\"prevResult\": {{ \"cniVersion\": \"1.1.0\", \"ips\": [{{ \"address\": \"::ffff:{address}/120\" }}] }}"))).EnsureOk();
        (await _daemon.Client.CallAsync(
            "check", NetworkJson.Text(ipam, "\"prevResult\": { \"cniVersion\": \"1.1.0\", \"ips\": [{ \"address\": \"::ffff:10.2.0.77/120\" }] }"))).EnsureError(102);
    }

    private static TimeSpan PoolAge => Ipam.Service.Pools.PoolCatalogSource.MaxAge * 2;

    private static Pool Pool(string name, string subnet) => new() { Name = name, Ranges = [new PoolRange { Subnet = Prefix.Parse(subnet) }] };

    private async Task PutAsync(string name, string subnet, params PoolRoute[] routes) =>
        Assert.True(await _daemon.Store.Pools.PutAsync(Pool(name, subnet) with { Routes = routes }, default));

    private async Task<List<string>> RoutesAsync(string ipam)
    {
        await Task.Delay(PoolAge);
        var body = (await _daemon.Client.CallAsync("add", NetworkJson.Text(ipam))).EnsureOk().Body;
        return [.. CniResult.Parse(Encoding.UTF8.GetBytes(body), CniVersion.Newest).Routes.Select(static route => $"{route.Dst} {route.Gw} {route.Table}")];
    }
}
