using System.Diagnostics;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Redis;

namespace Ipam.Stores.Tests.Redis;

/// <summary>
/// A data set that an earlier version wrote (Golden/before.redis), and the same after that version released a lease and handed an address
/// on (after.redis). Both are commands for redis-cli, as Golden/dump.lua writes them.
/// </summary>
public sealed class RedisGoldenDataTests : IClassFixture<RedisServerFixture>, IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly BlockId OfNodeA = BlockId.Of("default", Address.Parse("10.85.0.0"));
    private static readonly BlockId OfNodeB = BlockId.Of("default", Address.Parse("fd00::"));

    private readonly RedisServer _server;
    private RedisStore _store = null!;

    public RedisGoldenDataTests(RedisServerFixture fixture)
    {
        _server = fixture.Server;
        Assert.Equal("OK", _server.Tell("FLUSHALL"));
        var loaded = Command.Run(new ProcessStartInfo("redis-cli", ["-p", $"{_server.Port}"]), Golden("before.redis"), Command.DefaultPatience);
        Assert.DoesNotContain("ERR", loaded.Stdout, StringComparison.Ordinal);
    }

    public async Task InitializeAsync() => _store = await RedisServer.OpenAsync(_server.Options);

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task All_of_it_is_read()
    {
        var blocks = await ListAsync(BlockFilter.All);

        Assert.Equal(
            [
                "a b/{ü} 192.0.2.0/26 v1 of node/ü: .1 pods/3f2a09/eth0 on node/ü",
                "default 10.85.0.0/26 v1 of node-a: .1 pods/3f2a01/eth0 on node-a for shop/web-0, .2 pods/3f2a02/eth0 on node-b, .63 pods/3f2a03/eth0 on node-a",
                "default 10.85.1.0/26 v2 of nobody: .0 pods/3f2a03/eth0#1 on node-a, .5 net \"q\" ü/c/ontainer:ü%/eth0 on node-a for ns/p\"\\ü",
                "default 10.85.2.0/26 v3 of node-b:",
                "default fd00::/122 v3 of node-b: .1 pods/3f2a01/eth0#1 on node-a for shop/web-0",
            ],
            blocks.Select(Text));
        Assert.Equal([new CoolingAddress(7, Noon.AddMinutes(85))], blocks[1].Cooling);
        Assert.Equal((1_700_000_000_000_003, 63), (blocks[1].LastSequence, blocks[1].LastOffset));
        var lease = blocks[1].Leases[0];
        Assert.Equal((TimeSpan.FromSeconds(30), "/var/run/netns/cni-1"), (lease.Cooldown, lease.NetworkNamespace));
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 13, 14, 15, 678, TimeSpan.Zero).AddTicks(9), lease.AcquiredAt);
        Assert.Equal(["a b/{ü}", "default"], await _store.ListSpacesAsync(default));
        Assert.Equal(["10.85.0.0", "10.85.1.0", "10.85.2.0", "fd00::"], (await ListAsync(new BlockFilter("default", "node-b"))).Select(block => $"{block.Id.AddressAt(0)}"));
        Assert.Equal(["10.85.0.1", "fd00::1"], (await _store.FindLeasesAsync(lease.Owner, null, default)).Select(found => $"{found.Address}"));
        Assert.Null(await _store.Leaders.FindAsync("gc", default));
        var catalog = await _store.Pools.ReadAsync(default);
        Assert.Equal((2, "blue", 1, "10.85.9.9"), (catalog.Revision, catalog.Pools.Single().Name, catalog.Pools[0].Version, $"{catalog.Pools[0].Ranges[0].Last}"));
        Assert.Equal(("old \"printers\" ü", 2), (catalog.Reservations.Single().Reason, catalog.Reservations[0].Version));
    }

    [Fact]
    public async Task What_is_changed_is_left_as_the_earlier_version_left_it_so_that_it_may_be_put_back()
    {
        var blocks = await _store.ReadBlocksAsync([OfNodeA, OfNodeB], default);
        var (ofA, ofB) = (blocks.Single(block => block.Id == OfNodeA), blocks.Single(block => block.Id == OfNodeB));
        var reason = new ReleaseReason(ReleaseCause.Del, "node-a");
        await CommitAsync(BlockChange.Release(ofA, ofA.Leases[0], reason, Noon.AddMinutes(80.5)));
        var handedOn = ofB.Leases[0] with { Owner = ofB.Leases[0].Owner with { ContainerId = "3f2a0b" }, Entry = 0, Sequence = 1_700_000_000_000_008, Pod = null };
        await CommitAsync(new BlockChange(
            new Block(OfNodeB, [handedOn]) { Version = ofB.Version, LastSequence = handedOn.Sequence, LastOffset = 1 }, [handedOn], [new EndedLease(ofB.Leases[0], reason)]));

        Assert.Equal(Golden("after.redis").TrimEnd(), _server.Tell("EVAL", Golden("dump.lua"), "0"));
    }

    private async Task CommitAsync(BlockChange change) =>
        Assert.Equal(CommitStatus.Committed, Assert.Single(await _store.CommitAsync([change], default)).Status);

    private async Task<List<Block>> ListAsync(BlockFilter filter)
    {
        var blocks = new List<Block>();
        await foreach (var page in _store.ListBlocksAsync(filter, default))
            blocks.AddRange(page);
        return blocks;
    }

    private static string Text(Block block) =>
        $"{block.Id} v{block.Version} of {block.Node ?? "nobody"}: {string.Join(", ", block.Leases.Select(Text))}".TrimEnd();

    private static string Text(Lease lease) =>
        $".{BlockId.OffsetOf(lease.Address)} {lease.Owner.Network}/{lease.Owner.ContainerId}/{lease.Owner.InterfaceName}{(lease.Entry == 0 ? "" : $"#{lease.Entry}")} on {lease.Node}"
        + (lease.Pod is { } pod ? $" for {pod.Namespace}/{pod.Name}" : "");

    private static string Golden(string file) => File.ReadAllText(RepositoryRoot.PathOf($"tests/Ipam.Stores.Tests/Redis/Golden/{file}"));
}
