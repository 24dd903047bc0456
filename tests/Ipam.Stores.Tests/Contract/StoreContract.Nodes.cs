using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Stores.Tests.Contract;

/// <summary>The blocks that matter to a node.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task A_node_sees_its_own_blocks_those_of_no_node_and_those_that_hold_a_lease_handed_out_on_it()
    {
        var own = await MustCommitAsync(Change.Give(Some.NoBlock("10.0.0.0") with { Node = "b" }, LeaseOn("10.0.0.1", "c")));
        var ownEmpty = await MustCommitAsync(Change.Give(Some.NoBlock("10.0.1.0") with { Node = "b" }));
        var shared = await MustCommitAsync(Change.Give(Some.NoBlock("10.0.2.0"), LeaseOn("10.0.2.1", "c")));
        var borrowed = await MustCommitAsync(Change.Give(Some.NoBlock("10.0.3.0") with { Node = "a" }, LeaseOn("10.0.3.1", "a"), LeaseOn("10.0.3.2", "b")));
        var foreign = await MustCommitAsync(Change.Give(Some.NoBlock("10.0.4.0") with { Node = "a" }, LeaseOn("10.0.4.1", "a")));
        var v6 = await MustCommitAsync(Change.Give(Some.NoBlock("fd00::") with { Node = "b" }));
        var red = await MustCommitAsync(Change.Give(Some.NoBlock(space: "red") with { Node = "b" }));

        await AssertListedAsync(new BlockFilter(Node: "b"), own, ownEmpty, shared, borrowed, v6, red);
        await AssertListedAsync(new BlockFilter("default", "b"), own, ownEmpty, shared, borrowed, v6);
        await AssertListedAsync(new BlockFilter("red", "b"), red);
        await AssertListedAsync(new BlockFilter("default", "a"), shared, borrowed, foreign);
        await AssertListedAsync(new BlockFilter("default", "c"), own, shared);
        await AssertListedAsync(new BlockFilter("default", "nobody"), shared);
        await AssertListedAsync(new BlockFilter("blue", "b"));
    }

    [Fact]
    public async Task A_node_no_longer_sees_a_block_once_its_last_lease_in_it_is_released()
    {
        var (first, second) = (LeaseOn("10.0.0.1", "b"), LeaseOn("10.0.0.2", "b"));
        var block = await MustCommitAsync(Change.Give(Some.NoBlock() with { Node = "a" }, first, second, LeaseOn("10.0.0.3", "a")));

        block = await MustCommitAsync(Change.Release(block, first));
        await AssertListedAsync(new BlockFilter(Node: "b"), block);
        block = await MustCommitAsync(Change.Release(block, second));
        await AssertListedAsync(new BlockFilter(Node: "b"));
        await AssertListedAsync(new BlockFilter(Node: "a"), block);
    }

    [Fact]
    public async Task A_block_that_changes_hands_or_is_deleted_is_seen_by_those_whom_it_then_matters_to()
    {
        var block = await MustCommitAsync(Change.Give(Some.NoBlock() with { Node = "a" }, LeaseOn("10.0.0.1", "a")));

        block = await MustCommitAsync(Change.Give(block with { Node = "b" }));
        await AssertListedAsync(new BlockFilter(Node: "a"), block);
        await AssertListedAsync(new BlockFilter(Node: "b"), block);
        block = await MustCommitAsync(Change.Give(block with { Node = null }));
        await AssertListedAsync(new BlockFilter(Node: "c"), block);
        block = await MustCommitAsync(Change.Release(block with { Node = "b" }, [.. block.Leases]));
        await AssertListedAsync(new BlockFilter(Node: "a"));
        await MustCommitAsync(Change.Delete(block));
        await AssertListedAsync(new BlockFilter(Node: "b"));
        await AssertListedAsync(BlockFilter.All);
    }

    [Fact]
    public async Task More_blocks_of_a_node_than_fit_a_page_are_all_listed_once_and_in_order()
    {
        const int count = 700;
        var changes = Enumerable.Range(0, count).Select(i =>
        {
            var id = new BlockId("default", Core.Addresses.IpFamily.V4, (UInt128)(0x0A000000 / BlockId.Size + i));
            return Change.Give(new Block(id, []) { Node = i % 2 == 0 ? "a" : "b" }, LeaseOn(id.AddressAt(1).ToString(), i % 8 == 1 ? "a" : "b"));
        });
        foreach (var batch in changes.Chunk(100))
            Assert.All(await CommitAsync(batch), result => Assert.Equal(CommitStatus.Committed, result.Status));

        var listed = await ListAsync(new BlockFilter(Node: "a"));

        Assert.Equal(
            Enumerable.Range(0, count).Where(i => i % 2 == 0 || i % 8 == 1).Select(i => (UInt128)(0x0A000000 / BlockId.Size + i)),
            listed.Select(block => block.Id.Index));
    }

    [Fact]
    public async Task Node_names_of_any_text_and_253_characters_are_told_apart()
    {
        string[] nodes = [new string('n', 253), new string('n', 252) + "m", "Node-ü", "Node-u\u0308", "node/{a}", "node:a b", "*", "", "node-a"];
        for (var i = 0; i < nodes.Length; i++)
            await MustCommitAsync(Change.Give(Some.NoBlock($"10.0.{i}.0") with { Node = nodes[i] }, LeaseOn($"10.0.{i}.1", nodes[(i + 1) % nodes.Length])));

        for (var i = 0; i < nodes.Length; i++)
        {
            var seen = await ListAsync(new BlockFilter(Node: nodes[i]));
            var wanted = new[] { i, (i + nodes.Length - 1) % nodes.Length }.Order().Select(number => $"10.0.{number}.1");
            Assert.Equal(wanted, seen.Select(block => block.Leases[0].Address.ToString()));
        }
    }

    private async Task AssertListedAsync(BlockFilter filter, params Block[] wanted)
    {
        Assert.Equal(wanted, await ListAsync(filter));
        Assert.Equal(wanted.Select(static block => block.Summary).ToHashSet(), (await Store.ListSummariesAsync(filter, default)).ToHashSet());
    }

    private static Core.Blocks.Lease LeaseOn(string address, string node) => Some.Lease(address) with { Node = node };
}
