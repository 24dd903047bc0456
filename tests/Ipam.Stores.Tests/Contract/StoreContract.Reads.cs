using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Stores.Tests.Contract;

/// <summary>Reading: lists, versions, spaces.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task An_empty_store_answers_and_has_nothing()
    {
        await Store.PingAsync(default);
        Assert.Empty(await Store.ListSpacesAsync(default));
        Assert.Empty(await ListAsync());
        Assert.Empty(await ListAsync("default"));
        Assert.Empty(await Store.ListSummariesAsync(BlockFilter.All, default));
        Assert.Empty(await Store.ReadBlocksAsync([], default));
        Assert.Empty(await Store.ReadBlocksAsync([Some.NoBlock().Id], default));
    }

    [Fact]
    public async Task Blocks_are_listed_in_order_of_space_family_and_address()
    {
        string[] order = ["0.0.0.0", "9.255.255.192", "10.0.0.0", "192.168.0.0", "255.255.255.192", "::", "::40", "fd00::", "fe80::"];
        string[] spaces = ["B", "a", "b"];
        foreach (var space in spaces.Reverse())
        {
            foreach (var address in order.Reverse())
                await MustCommitAsync(Change.Give(Some.NoBlock(address, space), Some.Lease(address, space: space)));
        }

        Assert.Equal(spaces.SelectMany(space => order.Select(address => (space, address))),
            (await ListAsync()).Select(block => (block.Id.Space, block.Leases[0].Address.ToString())));
        Assert.Equal(order, (await ListAsync("a")).Select(block => block.Leases[0].Address.ToString()));
        Assert.Equal(spaces, await Store.ListSpacesAsync(default));
    }

    [Fact]
    public async Task A_space_is_listed_for_as_long_as_it_has_blocks()
    {
        var block = await MustCommitAsync(Change.Give(Some.NoBlock(space: "red")));
        Assert.Equal(["red"], await Store.ListSpacesAsync(default));

        await MustCommitAsync(Change.Delete(block));
        Assert.Empty(await Store.ListSpacesAsync(default));
    }

    [Fact]
    public async Task Only_those_of_the_named_blocks_are_read_that_are_there()
    {
        var a = await MustCommitAsync(Change.Give(Some.NoBlock("10.0.0.0"), Some.Lease("10.0.0.1")));
        var b = await MustCommitAsync(Change.Give(Some.NoBlock("fd00::"), Some.Lease("fd00::1")));
        await MustCommitAsync(Change.Give(Some.NoBlock("10.0.3.0")));

        var found = await Store.ReadBlocksAsync(
            [b.Id, Some.NoBlock("10.0.2.0").Id, a.Id, a.Id with { Space = "red" }, a.Id with { Family = Core.Addresses.IpFamily.V6 }], default);

        Assert.Equivalent(new[] { a, b }, found, strict: true);
    }

    [Fact]
    public async Task The_versions_listed_are_those_of_the_blocks()
    {
        var a = await MustCommitAsync(Change.Give(Some.NoBlock("10.0.0.0")));
        a = await MustCommitAsync(Change.Give(a, Some.Lease("10.0.0.1")));
        var b = await MustCommitAsync(Change.Give(Some.NoBlock("fd00::")));
        var red = await MustCommitAsync(Change.Give(Some.NoBlock(space: "red")));
        await MustCommitAsync(Change.Delete(await MustCommitAsync(Change.Give(Some.NoBlock("10.0.9.0")))));

        Assert.Equal(Versions(a, b, red), (await Store.ListSummariesAsync(BlockFilter.All, default)).ToHashSet());
        Assert.Equal(Versions(a, b), (await Store.ListSummariesAsync(new BlockFilter("default"), default)).ToHashSet());
        Assert.Empty(await Store.ListSummariesAsync(new BlockFilter("blue"), default));

        static HashSet<BlockSummary> Versions(params Block[] blocks) => blocks.Select(static block => block.Summary).ToHashSet();
    }

    [Fact]
    public async Task More_blocks_than_fit_a_page_are_all_listed_once_and_in_order()
    {
        const int count = 1_100;
        var changes = Enumerable.Range(0, count).Select(i =>
        {
            var block = new Block(new BlockId("default", Core.Addresses.IpFamily.V4, (UInt128)(0x0A000000 / BlockId.Size + i)), []);
            return Change.Give(block, Some.Lease(block.Id.AddressAt(i % BlockId.Size)));
        });
        foreach (var batch in changes.Chunk(100))
            Assert.All(await CommitAsync(batch), result => Assert.Equal(CommitStatus.Committed, result.Status));

        var listed = await ListAsync();

        Assert.Equal(Enumerable.Range(0, count).Select(i => (UInt128)(0x0A000000 / BlockId.Size + i)), listed.Select(block => block.Id.Index));
        Assert.All(listed, block => Assert.Single(block.Leases));
        Assert.Equal(count, (await Store.ListSummariesAsync(BlockFilter.All, default)).Count);
    }

    [Fact]
    public async Task What_one_client_committed_another_reads_at_once()
    {
        var other = await AnotherClientAsync();
        var block = Some.NoBlock();
        for (var i = 0; i < 20; i++)
        {
            block = await MustCommitAsync(Change.Give(block, Some.Lease($"10.0.0.{i}")));
            Assert.Equal([block], await other.ReadBlocksAsync([block.Id], default));
            Assert.Equal([block.Leases[i]], await other.FindLeasesAsync(block.Leases[i].Owner, null, default));
        }
    }

    [Fact]
    public async Task What_was_committed_is_there_after_all_clients_closed()
    {
        var block = await MustCommitAsync(Change.Give(Some.NoBlock() with { Node = "node-a" }, Some.Lease("10.0.0.1")));
        var deleted = await MustCommitAsync(Change.Give(Some.NoBlock("10.0.1.0")));
        await MustCommitAsync(Change.Delete(deleted));

        await CloseAllAsync();
        await AnotherClientAsync();

        Assert.Equal([block], await ListAsync());
        var again = await MustCommitAsync(Change.Give(Some.NoBlock("10.0.1.0")));
        Assert.NotEqual(deleted.Version, again.Version);
    }

    [Fact]
    public async Task Nothing_is_done_that_was_cancelled_before()
    {
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.CommitAsync([Change.Give(Some.NoBlock())], cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.FindLeasesAsync(Some.Owner(), null, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.ReadBlocksAsync([Some.NoBlock().Id], cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.PingAsync(cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.ListSummariesAsync(BlockFilter.All, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.ListSpacesAsync(cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.Leaders.PutAsync("gc", Leader("a"), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.Pools.ReadAsync(cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.Pools.ReadRevisionAsync(cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.Pools.PutAsync(SomePool("a"), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.Pools.PutAsync(SomeReservation("a"), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var page in Store.ListBlocksAsync(BlockFilter.All, cancelled))
                Assert.Fail($"{page.Count} blocks were listed");
        });

        Assert.Empty(await ListAsync());
        Assert.Empty((await Store.Pools.ReadAsync(default)).Pools);
        Assert.Null(await Store.Leaders.FindAsync("gc", default));
    }
}
