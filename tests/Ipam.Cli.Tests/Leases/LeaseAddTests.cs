using Ipam.Cli.Tests.Support;
using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Stores;

namespace Ipam.Cli.Tests.Leases;

public sealed class LeaseAddTests : CatalogTest
{
    private static readonly string[] Printer = ["--name", "printer-on-floor-2"];

    [Fact]
    public async Task An_address_is_given_to_what_is_outside_and_shown_as_such()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.0.0.0/24", "--cooldown", "60");

        var card = await DoAsync(["lease", "add", "10.0.0.9", .. Printer]);

        Assert.StartsWith(
            """
            ADDRESS    10.0.0.9
            SPACE      default
            NETWORK    static:outside
            CONTAINER  printer-on-floor-2
            INTERFACE  -
            POD        -
            NODE       -
            AGE        0s

            """, card, StringComparison.Ordinal);
        var lease = Assert.Single(await LeasesAsync());
        Assert.Equal((TimeSpan.FromSeconds(60), "", true), (lease.Cooldown, lease.Node, lease.Owner.IsStatic));
        Assert.Equal(card, await DoAsync("lease", "show", "10.0.0.9"));
        Assert.Equal(card, await DoAsync("lease", "show", "printer-on-floor-2"));
        Assert.Contains(" static:outside  printer-on-floor-2  -          -    -     0s\n", await DoAsync("lease", "list"), StringComparison.Ordinal);
        Assert.Equal("10.0.0.9\n", await DoAsync("lease", "list", "--state", "static", "-o", "name"));
        Assert.Equal("released 10.0.0.9 in space default\n", (await RunAsync("lease", "release", "10.0.0.9", "--yes")).Output);
        Assert.Empty(await LeasesAsync());
    }

    [Fact]
    public async Task A_pool_gives_its_lowest_address_that_is_free_and_not_reserved()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.0.0.0/28", "--range", "fd00::/122");
        await DoAsync("reservation", "add", "10.0.0.3");
        await GiveAsync(Some.Lease("10.0.0.2"));

        Assert.Equal("10.0.0.4\n", await DoAsync(["lease", "add", "--pool", "blue", "--family", "4", "-o", "name", .. Printer]));
        Assert.Equal("10.0.0.5\n", await DoAsync(["lease", "add", "--pool", "blue", "--family", "4", "-o", "name", .. Printer]));
        Assert.Equal("fd00::2\n", await DoAsync(["lease", "add", "--pool", "blue", "--family", "6", "-o", "name", .. Printer]));
        Assert.Equal("would add fd00::3 in space default for router\n", await DoAsync("lease", "add", "--pool", "blue", "--family", "6", "--name", "router", "--dry-run"));
        Assert.Equal(3, (await LeasesAsync()).Count(static lease => lease.Owner.IsStatic));
    }

    /// <summary>Those are not handed out, so nobody else can get them: what is there may well be written down.</summary>
    [Fact]
    public async Task A_gateway_an_excluded_and_a_reserved_address_can_be_given_and_stay_in_order()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.0.0.0/28,exclude=10.0.0.14");
        await DoAsync("reservation", "add", "10.0.0.3");
        foreach (var address in (string[])["10.0.0.1", "10.0.0.3", "10.0.0.14"])
            await DoAsync("lease", "add", address, "--name", "router");

        Assert.Equal("", await DoAsync("lease", "list", "--state", "outside-pools", "-o", "name"));
        Assert.EndsWith("ipamctl: 3 leases, 0 findings\n", (await RunAsync("check")).Error, StringComparison.Ordinal);
        Assert.Contains("10.0.0.0           S.S..........S\n", await DoAsync("pool", "map", "blue"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_somebody_holds_or_cools_down_or_lies_in_no_pool_is_refused()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.0.0.0/30", "--cooldown", "600");
        await GiveAsync(Some.Lease("10.0.0.2", pod: Some.Pod("web-0")) with { Cooldown = TimeSpan.FromMinutes(10) });

        await RefusesAsync("10.0.0.2 is held in space 'default' by pods/10.0.0.2-default-container for the pod shop/web-0", "10.0.0.2");
        await RefusesAsync("pool blue has no free address of IPv4", "--pool", "blue");
        await RefusesAsync("10.9.0.1 lies in no pool's subnet of space 'default'", "10.9.0.1");
        await RefusesAsync("10.0.0.3 lies in no pool's subnet of space 'other'", "10.0.0.3", "--space", "other");
        Assert.Equal(0, (await RunAsync("lease", "release", "10.0.0.2", "--yes")).ExitCode);
        await RefusesAsync("10.0.0.2 cools down until 2026-03-04T12:15:00Z", "10.0.0.2");
        Assert.Empty(await LeasesAsync());
        await DoAsync(["lease", "add", "10.9.0.1", "--outside-pools", .. Printer]);
        await DoAsync("pool", "disable", "blue");
        await RefusesAsync("pool blue hands out nothing, as it is disabled", "--pool", "blue");
    }

    [Theory]
    [InlineData(2, "Which address is not said, or twice", "--name", "a")]
    [InlineData(2, "Which address is not said, or twice", "10.0.0.1", "--pool", "blue", "--name", "a")]
    [InlineData(2, "Option '--name' is required", "10.0.0.1")]
    [InlineData(2, "224.0.0.1 is not the address of a host", "224.0.0.1", "--name", "a")]
    [InlineData(2, "'printer' is no address", "printer", "--name", "a")]
    [InlineData(2, "\"Floor 2\" is no name for a static lease", "10.0.0.1", "--name", "Floor 2")]
    [InlineData(2, "\"a:b\" is no name for a network", "10.0.0.1", "--name", "a", "--network", "a:b")]
    [InlineData(2, "--family doesn't go with an address", "10.0.0.1", "--family", "4", "--name", "a")]
    [InlineData(3, "there is no pool 'red'", "--pool", "red", "--name", "a")]
    public async Task What_is_not_said_right_says_so(int exitCode, string message, params string[] arguments)
    {
        var outcome = await RunAsync(["lease", "add", .. arguments]);

        Assert.Equal((exitCode, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_somebody_takes_between_the_look_and_the_commit_stays_theirs()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.0.0.0/28");
        Meanwhile(() => GiveAsync(Some.Lease("10.0.0.9")));
        await RefusesAsync("10.0.0.9 is held in space 'default' by pods/10.0.0.9-default-container", "10.0.0.9");

        var commits = 0;
        Meanwhile(() => commits++ == 0 ? GiveAsync(Some.Lease("10.0.0.2")) : Task.CompletedTask);
        Assert.Equal("10.0.0.3\n", await DoAsync(["lease", "add", "--pool", "blue", "-o", "name", .. Printer]));
        Assert.Equal("10.0.0.2 10.0.0.3 10.0.0.9", string.Join(' ', (await LeasesAsync()).Select(static lease => lease.Address.ToString())));
    }

    [Fact]
    public async Task Only_its_address_releases_it()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.0.0.0/28");
        await GiveAsync(Some.Lease("10.0.0.2"));
        await DoAsync(["lease", "add", "10.0.0.3", .. Printer]);

        var all = await RunAsync("lease", "release", "--pool", "blue", "--yes");

        Assert.Equal((9, "leases released: 1, left alone as their owners live or they are static: 1\n"), (all.ExitCode, all.Output));
        Assert.Contains("10.0.0.3 in space default stays: it is a static lease", all.Error, StringComparison.Ordinal);
        Assert.Equal(4, (await RunAsync("lease", "release", "--network", "static:outside", "--yes")).ExitCode);
        Assert.Single(await LeasesAsync());
        Assert.Equal(0, (await RunAsync("lease", "release", "--network", "static:outside", "--yes", "--force")).ExitCode);
        Assert.Empty(await LeasesAsync());
    }

    /// <summary>What another IPAM says of an address with a static lease is of another one, however little it says.</summary>
    [Fact]
    public async Task An_import_finds_it_in_the_way()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.60.0.0/24");
        await DoAsync(["lease", "add", "10.60.0.9", .. Printer]);
        var file = Write("objects.yaml", """
            apiVersion: whereabouts.cni.cncf.io/v1alpha1
            kind: OverlappingRangeIPReservation
            metadata: {name: 10.60.0.9, namespace: kube-system}
            spec: {podref: shop/web-9, ifname: net1}
            """);

        var outcome = await RunAsync("import", "whereabouts", "-f", file, "-o", "csv");

        Assert.Contains("10.60.0.9,conflict,", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("it is held by static:outside/printer-on-floor-2/default/10.60.0.9", outcome.Output, StringComparison.Ordinal);
        Assert.Single(await LeasesAsync());
    }

    /// <summary>Who has an address whose lease the store lost isn't known before the nodes have told.</summary>
    [Fact]
    public async Task A_store_that_waits_for_the_leases_that_it_lost_gives_nothing()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.0.0.0/28");
        await using (var store = await StoreContent.OpenAsync(DatabaseFile))
            Assert.True(await store.Nodes.PutAsync(new NodeEntry("node-a", "instance", "run", "host", "another past", 1), null, default));

        await RefusesAsync("the store lost data, and the leases of node-a are not there again", "10.0.0.3");
    }

    [Fact]
    public async Task A_service_that_has_the_block_in_memory_never_hands_the_address_out()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.0.0.0/24,rangeStart=10.0.0.8,rangeEnd=10.0.0.10");
        await using var store = await StoreContent.OpenAsync(DatabaseFile);
        await using var service = new Allocator(store, new AllocatorOptions(), TimeProvider.System, new Random(1));
        await service.StartAsync(default);
        Assert.Equal("10.0.0.8", await AllocateAsync(service, "first"));

        await DoAsync(["lease", "add", "10.0.0.9", .. Printer]);

        Assert.Equal("10.0.0.10", await AllocateAsync(service, "second"));
        Assert.Null(await AllocateAsync(service, "third"));
        Assert.Equal("10.0.0.8 10.0.0.9 10.0.0.10", string.Join(' ', (await LeasesAsync()).Select(static lease => lease.Address.ToString())));
    }

    private async Task RefusesAsync(string message, params string[] arguments)
    {
        var outcome = await RunAsync(["lease", "add", .. arguments, .. Printer]);

        Assert.Equal((4, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains($"not added: {message}", outcome.Error, StringComparison.Ordinal);
    }

    private static async Task<string?> AllocateAsync(Allocator service, string container)
    {
        var range = new AllocationRange(Prefix.Parse("10.0.0.0/24"), new AddressRange(Address.Parse("10.0.0.8"), Address.Parse("10.0.0.10")), gateway: null, excluded: []);
        var outcome = await service.AllocateAsync(
            new AllocationRequest { Space = "default", Owner = new Owner("pods", container, "eth0"), Entries = [new AllocationEntry([range])], Node = "node-a" }, default);
        return outcome is AllocationOutcome.Allocated { Addresses: [var one] } ? one.Lease.Address.ToString() : null;
    }
}
