using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Allocation;

/// <summary>A node without room of its own, among thousands of blocks of other nodes.</summary>
public sealed class BorrowingTests : IAsyncDisposable
{
    private const int Blocks = 4_000;
    private const int MostReads = 32;

    /// <summary>The first address of each block, and no other.</summary>
    private static readonly AllocationRange Firsts = new AllocationRange(
        Prefix.Parse("10.0.0.0/8"), new AddressRange(First(0), First(Blocks - 1)), null,
        [.. Enumerable.Range(0, Blocks - 1).Select(static i => new AddressRange(First(i) with { Value = First(i).Value + 1 }, First(i) with { Value = First(i).Value + 63 }))])
        .Under(new AllocationPolicy { Affinity = BlockAffinity.Node });

    private readonly InMemoryStore _store = new(StoreMode.PerBlock);
    private readonly ManualTimeProvider _time = new(Some.Instant);

    [Fact]
    public async Task A_node_reads_a_handful_of_the_blocks_that_have_room()
    {
        Fill(static _ => 1);
        await using var node = await StartAsync("node");
        for (var i = 0; i < 20; i++)
        {
            var read = _store.BlocksRead;
            await AddAsync(node, $"c{i}");
            Assert.InRange(_store.BlocksRead - read, 0, MostReads);
        }
    }

    [Fact]
    public async Task Nodes_that_borrow_start_at_different_blocks()
    {
        Fill(static _ => 1);
        var found = new HashSet<Address>();
        for (var i = 0; i < 8; i++)
        {
            await using var node = await StartAsync($"node-{i}");
            Assert.True(found.Add((await AddAsync(node, $"c{i}")).Address));
        }
        Assert.All(_store.Content.Blocks, static block => Assert.InRange(block.Leases.Count, 1, 2));
    }

    [Fact]
    public async Task The_last_address_is_found_though_memory_takes_all_blocks_for_free()
    {
        Fill(static _ => 1);
        await using var node = await StartAsync("node");
        foreach (var block in _store.Content.Blocks)
        {
            if (block.Id.AddressAt(0) != First(1234))
                Commit(block, Lease(block.Id.AddressAt(0)));
        }

        var (read, listings) = (_store.BlocksRead, _store.Listings);
        Assert.Equal(First(1234), (await AddAsync(node, "last")).Address);
        Assert.InRange(_store.BlocksRead - read, 1, MostReads);
        Assert.Equal(1, _store.Listings - listings);
        Assert.IsType<AllocationOutcome.Exhausted>(await AskAsync(node, "one too many"));
    }

    [Fact]
    public async Task The_last_address_is_found_though_memory_takes_all_blocks_for_full()
    {
        Fill(static _ => 0);
        await using var node = await StartAsync("node");
        var block = _store.Content.Find(BlockId.Of(Some.Space, First(77)))!;
        var lease = block.Leases[0];
        Assert.Equal(CommitStatus.Committed, _store.Content.Commit([BlockChange.Release(block, lease, new ReleaseReason(ReleaseCause.Del, "other"), Some.Instant)])[0].Status);

        var read = _store.BlocksRead;
        Assert.Equal(First(77), (await AddAsync(node, "last")).Address);
        Assert.InRange(_store.BlocksRead - read, 1, MostReads);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private static Address First(int block) => new(IpFamily.V4, (UInt128)((10u << 24) + (uint)(block * BlockId.Size)));

    private static Lease Lease(Address address) => Some.Lease(address.ToString(), $"other {address}", sequence: 2) with { Node = "other" };

    /// <summary>Each block is another node's and holds one lease, at this offset.</summary>
    private void Fill(Func<int, int> offset)
    {
        for (var i = 0; i < Blocks; i++)
        {
            var block = new Block(BlockId.Of(Some.Space, First(i)), []) { Node = $"other-{i % 100}" };
            Commit(block, Lease(block.Id.AddressAt(offset(i))) with { Sequence = 1 });
        }
    }

    private void Commit(Block block, Lease lease) =>
        Assert.Equal(CommitStatus.Committed, _store.Content.Commit([new BlockChange(block.Take(lease), [lease], [])])[0].Status);

    private Task<TestNode> StartAsync(string name) => TestNode.StartAsync(_store, _time, new AllocatorOptions { Node = name });

    private static async Task<Lease> AddAsync(TestNode node, string owner) =>
        Assert.IsType<AllocationOutcome.Allocated>(await AskAsync(node, owner)).Addresses[0].Lease;

    private static Task<AllocationOutcome> AskAsync(TestNode node, string owner) =>
        node.Allocator.AllocateAsync(Some.Request(owner, new AllocationEntry([Firsts])) with { Node = node.Name }, default);
}
