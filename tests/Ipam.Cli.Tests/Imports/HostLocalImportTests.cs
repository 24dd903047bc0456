using System.Diagnostics;
using Ipam.Cli.Tests.Support;
using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;

namespace Ipam.Cli.Tests.Imports;

/// <summary>What host-local handed out is taken over: all of a network, or nothing.</summary>
public sealed class HostLocalImportTests : CatalogTest
{
    private readonly TempFolder _folder = new();

    private string Networks => _folder.Combine("networks");

    [RequiresFact("host-local")]
    public async Task What_the_real_host_local_wrote_is_taken_over_and_ends_by_its_DEL()
    {
        HostLocal("ADD", "c1");
        HostLocal("ADD", "c2");
        HostLocal("ADD", "c3");
        HostLocal("DEL", "c1");
        await DoAsync("pool", "create", "blue", "--range", "10.5.0.0/24", "--range", "fd05::/64", "--cooldown", "60");

        var planned = await RunAsync("import", "host-local", Networks, "--node", "node-a", "--dry-run", "-o", "csv");
        Assert.Equal(
            $"""
            ADDRESS,STATE,NETWORK,OWNER,POD,NODE,FOUND IN,BECAUSE
            10.5.0.3,take,net1,net1/c2/eth0,,node-a,{Networks}/net1/10.5.0.3,
            10.5.0.4,take,net1,net1/c3/eth0,,node-a,{Networks}/net1/10.5.0.4,
            fd05::3,take,net1,net1/c2/eth0,,node-a,{Networks}/net1/fd05::3,
            fd05::4,take,net1,net1/c3/eth0,,node-a,{Networks}/net1/fd05::4,

            """.Replace("\n", "\r\n", StringComparison.Ordinal), planned.Output);
        Assert.Equal((0, "ipamctl: network net1: take: 4\n"), (planned.ExitCode, planned.Error));
        Assert.Empty(await LeasesAsync());

        var done = await RunAsync("import", "host-local", Networks, "--node", "node-a");
        Assert.Equal((0, "ipamctl: network net1: taken: 4\n"), (done.ExitCode, done.Error));
        var leases = await LeasesAsync();
        Assert.Equal(
            ["10.5.0.3 net1/c2/eth0 0", "10.5.0.4 net1/c3/eth0 0", "fd05::3 net1/c2/eth0 1", "fd05::4 net1/c3/eth0 1"],
            leases.Select(static lease => $"{lease.Address} {lease.Owner} {lease.Entry}"));
        Assert.All(leases, static lease => Assert.Equal(("node-a", "imported:host-local", 60), (lease.Node, lease.NetworkNamespace, (int)lease.Cooldown.TotalSeconds)));
        Assert.Equal("ipamctl: network net1: there: 4\n", (await RunAsync("import", "host-local", Networks, "--node", "node-a")).Error);

        await using var store = await StoreContent.OpenAsync(DatabaseFile);
        await using var service = new Allocator(store, new AllocatorOptions(), TimeProvider.System, new Random(1));
        await service.StartAsync(default);
        await service.ReleaseAsync(new Owner("net1", "c2", "eth0"), ReleaseCause.Del, static _ => false, default);
        var next = Assert.IsType<AllocationOutcome.Allocated>(await AddAsync(service, "c4"));
        Assert.Equal("10.5.0.5", Assert.Single(next.Addresses).Lease.Address.ToString());
        Assert.Equal(["10.5.0.4", "10.5.0.5", "fd05::4"], (await LeasesAsync()).Select(static lease => lease.Address.ToString()));
    }

    [Fact]
    public async Task Of_a_network_with_a_conflict_or_a_broken_file_nothing_is_taken_and_all_of_another()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.5.0.0/24");
        await GiveAsync(Some.Lease("10.5.0.9"));
        Put("good", "10.5.0.20", "c1\r\neth0");
        Put("good", "lock", "");
        Put("held", "10.5.0.9", "c2\r\neth0");
        Put("held", "10.5.0.10", "c3\r\neth0");
        Put("empty", "10.5.0.11", "");
        Put("old", "10.5.0.12", "c4");
        Put("odd", "10.5.0.13", "c5\neth0\nx");
        Put("odd", "10.5.0.300", "c5\neth0");
        Put("outside", "10.6.0.1", "c6\neth0");
        Put("outside", "10.5.0.14", "c7\neth0");

        var outcome = await RunAsync("import", "host-local", Networks, "-o", "json");

        Assert.Equal(10, outcome.ExitCode);
        var rows = System.Text.Json.JsonDocument.Parse(outcome.Output).RootElement.EnumerateArray()
            .Select(static row => $"{row.GetProperty("address").GetString()} {row.GetProperty("state").GetString()}: {row.GetProperty("because").GetString()}");
        Assert.Equal(
            [
                "10.5.0.11 unknown: it is empty: host-local was ended while it wrote it",
                "10.5.0.20 taken: ",
                "10.5.0.9 conflict: it is held by pods/10.5.0.9-default-container/eth0",
                $"10.5.0.10 left: nothing of network held is taken, because of {Networks}/held/10.5.0.9",
                " unknown: its name is no address",
                "10.5.0.13 unknown: it has more than two lines",
                "10.5.0.12 unknown: it names no interface: an old host-local wrote it, or one that was ended meanwhile; give the interface by --interface",
                $"10.5.0.14 left: nothing of network outside is taken, because of {Networks}/outside/10.6.0.1",
                "10.6.0.1 outside-pools: it lies in no pool of space default",
            ], rows);
        Assert.Equal(["10.5.0.9", "10.5.0.20"], (await LeasesAsync()).Select(static lease => lease.Address.ToString()));

        Assert.Equal(0, (await RunAsync("import", "host-local", Path.Combine(Networks, "old"), "--interface", "eth0")).ExitCode);
        Assert.Equal(0, (await RunAsync("import", "host-local", Path.Combine(Networks, "outside"), "--outside-pools")).ExitCode);
        Assert.Equal(4, (await RunAsync("import", "host-local", Path.Combine(Networks, "held"))).ExitCode);
        Assert.Equal(5, (await LeasesAsync()).Count);
    }

    [Fact]
    public async Task What_another_gets_meanwhile_stays_his_and_all_of_the_network_is_given_back()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.0.0.0/8");
        for (var i = 1; i <= 70; i++)
            Put("net1", $"10.1.{i}.1", $"c{i}\neth0");
        var commits = 0;
        var inner = CreateStore;
        CreateStore = url => new MeddlingStore(inner(url), async () =>
        {
            // Between the first commit of 64 blocks and the second.
            if (++commits == 2)
                await GiveAsync(Some.Lease("10.1.70.1"));
        });

        var outcome = await RunAsync("import", "host-local", Networks, "-o", "csv");

        Assert.Equal((4, "ipamctl: network net1: conflict: 1, left: 69\n"), (outcome.ExitCode, outcome.Error));
        Assert.Contains("10.1.70.1,conflict,net1,net1/c70/eth0", outcome.Output, StringComparison.Ordinal);
        Assert.Equal("10.1.70.1-default-container", Assert.Single(await LeasesAsync()).Owner.ContainerId);
    }

    [Fact]
    public async Task Without_a_pool_it_says_what_to_do()
    {
        Put("net1", "10.5.0.2", "c1\neth0");

        var refused = await RunAsync("import", "host-local", Networks);

        Assert.Equal(4, refused.ExitCode);
        Assert.EndsWith("space default has no pool: create it first, or give --outside-pools if configurations have ranges of their own\n", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("import", "host-local", Networks, "--outside-pools")).ExitCode);
        Assert.Equal(2, (await RunAsync("import", "host-local", _folder.Combine("missing"))).ExitCode);
        Assert.Equal(2, (await RunAsync("import", "host-local", _folder.Path + "/networks/net1/10.5.0.2")).ExitCode);
    }

    [Fact]
    public async Task Ten_thousand_are_taken_over_in_time()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.1.0.0/16");
        for (var i = 0; i < 10_000; i++)
            Put("net1", $"10.1.{(i / 200) + 1}.{(i % 200) + 1}", $"c{i}\neth0");
        var start = Stopwatch.GetTimestamp();

        Assert.Equal("ipamctl: network net1: taken: 10000\n", (await RunAsync("import", "host-local", Networks, "-o", "name")).Error);

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    private static Task<AllocationOutcome> AddAsync(Allocator service, string container) => service.AllocateAsync(
        new AllocationRequest
        {
            Space = "default",
            Owner = new Owner("net1", container, "eth0"),
            Entries = [new AllocationEntry([new PoolRange { Subnet = Prefix.Parse("10.5.0.0/24") }.Without([])])],
            Node = "node-a",
        },
        default);

    private void Put(string network, string name, string text)
    {
        Directory.CreateDirectory(Path.Combine(Networks, network));
        File.WriteAllText(Path.Combine(Networks, network, name), text);
    }

    private void HostLocal(string command, string container)
    {
        var start = new ProcessStartInfo(Programs.Find("host-local")!);
        foreach (var (key, value) in new Dictionary<string, string>
        {
            ["CNI_COMMAND"] = command,
            ["CNI_CONTAINERID"] = container,
            ["CNI_NETNS"] = "/run/netns/x",
            ["CNI_IFNAME"] = "eth0",
            ["CNI_PATH"] = Programs.CniFolder,
        })
            start.Environment[key] = value;
        var configuration = $$$"""
            {"cniVersion":"1.0.0","name":"net1","type":"x","ipam":{"type":"host-local","dataDir":"{{{Networks}}}","ranges":[[{"subnet":"10.5.0.0/24"}],[{"subnet":"fd05::/64"}]]}}
            """;
        Assert.Equal(0, Command.Run(start, configuration, Command.DefaultPatience).ExitCode);
    }
}
