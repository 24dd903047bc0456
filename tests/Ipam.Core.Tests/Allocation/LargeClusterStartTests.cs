using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Allocation;

/// <summary>A start on a store that many nodes share: what others have is learned beside the serving.</summary>
public sealed class LargeClusterStartTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly InMemoryStore _store = new(StoreMode.PerBlock) { IsSharedByNodes = true, HasOwnerIndex = false };
    private readonly ManualTimeProvider _time = new(Some.Instant);

    [Fact]
    public async Task A_node_serves_from_its_own_blocks_before_it_knows_those_of_others()
    {
        await using (var before = await StartAsync("here"))
            await AddAsync(before, "a");
        await using (var other = await StartAsync("there"))
            await AddAsync(other, "b");

        var gate = new TaskCompletionSource();
        _store.AfterListing = () => gate.Task;
        await using var node = await StartAsync("here").WaitAsync(Patience);
        Assert.Equal("here", _store.Content.Find(BlockOf(await AddAsync(node, "c").WaitAsync(Patience)))!.Node);
        Assert.Single(await node.DeleteAsync("a").WaitAsync(Patience));
        Assert.Equal(1, node.Allocator.Usage.Single().Held);

        gate.SetResult();
        await Wait.UntilAsync(() => node.Allocator.Usage.Single().Held == 2, "what the other node has");
    }

    [Fact]
    public async Task A_block_of_another_node_that_is_not_known_yet_is_not_taken()
    {
        for (var i = 0; i < 4; i++)
        {
            var block = new Block(BlockId.Of(Some.Space, Address.Parse($"10.0.0.{i * 64}")), []) { Node = "there" };
            var lease = Some.Lease($"10.0.0.{(i * 64) + 1}", $"other {i}") with { Node = "there" };
            Assert.Equal(CommitStatus.Committed, _store.Content.Commit([new BlockChange(block.Take(lease), [lease], [])])[0].Status);
        }
        var gate = new TaskCompletionSource();
        _store.AfterListing = () => gate.Task;
        await using var node = await StartAsync("here").WaitAsync(Patience);
        // Each block that the node takes for nobody's is somebody's; it borrows from them.
        var asked = AddAsync(node, "a");
        gate.SetResult();
        await asked.WaitAsync(Patience);
        Assert.All(_store.Content.Blocks, static block => Assert.Equal("there", block.Node));
        Assert.Empty(_store.Content.Violations);
    }

    [Fact]
    public async Task A_look_at_what_others_have_that_failed_is_repeated()
    {
        await using (var other = await StartAsync("there"))
            await AddAsync(other, "b");
        _store.AfterListing = static () => throw new StoreException("injected");
        await using var node = await StartAsync("here");
        await AddAsync(node, "a");
        _store.AfterListing = null;
        await Wait.UntilAsync(
            async () =>
            {
                _time.Advance(TimeSpan.FromSeconds(10));
                await node.Allocator.TidyAsync(default);
                return node.Allocator.Usage.Single().Held == 2;
            },
            "what the other node has");
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private static BlockId BlockOf(Lease lease) => BlockId.Of(lease.Space, lease.Address);

    private Task<TestNode> StartAsync(string name) => TestNode.StartAsync(_store, _time, new AllocatorOptions { Node = name });

    private static async Task<Lease> AddAsync(TestNode node, string owner)
    {
        var request = Some.Request(owner, Some.Entry("10.0.0.0/24")).Under(new AllocationPolicy { Affinity = BlockAffinity.Node });
        return Assert.IsType<AllocationOutcome.Allocated>(await node.Allocator.AllocateAsync(request with { Node = node.Name }, default)).Addresses[0].Lease;
    }
}
