using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Allocation;

public sealed class DamagedBlockTests : IAsyncDisposable
{
    private const string TwoBlocks = "10.0.0.0/25";

    private readonly InMemoryStore _store = new(StoreMode.AllOrNothing);
    private readonly ManualTimeProvider _time = new(Some.Instant);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_node_starts_beside_a_damaged_block_and_hands_out_nothing_from_it(bool summaryToo)
    {
        await using (var before = await StartAsync())
            await before.AddAsync("a", TwoBlocks);
        Damage("10.0.0.0", summaryToo);

        await using var node = await StartAsync();
        for (var i = 0; i < 64; i++)
            Assert.Equal(BlockOf("10.0.0.64"), BlockId.Of(Some.Space, (await node.AddAsync($"b{i}", TwoBlocks)).Address));
        var exhausted = Assert.IsType<AllocationOutcome.Exhausted>(await node.AskAsync("one too many", Some.Entry(TwoBlocks)));
        Assert.Equal((64, 64), (exhausted.Held, exhausted.SetAside));
    }

    [Fact]
    public async Task A_requested_address_of_a_damaged_block_is_refused_as_such()
    {
        await using (var before = await StartAsync())
            await before.AddAsync("a", TwoBlocks);
        Damage("10.0.0.0");
        await using var node = await StartAsync();

        var refused = Assert.IsType<AllocationOutcome.RequestRefused>(await node.AskAsync("b", Some.Entry(TwoBlocks) with { Requested = Address.Parse("10.0.0.9") }));
        Assert.Equal(RefusalReason.Damaged, refused.Reason);
    }

    [Fact]
    public async Task A_release_of_an_owner_in_a_damaged_block_fails_until_the_block_is_mended()
    {
        await using (var before = await StartAsync())
            await before.AddAsync("a", TwoBlocks);
        Damage("10.0.0.0");
        await using var node = await StartAsync();

        var error = await Assert.ThrowsAsync<StoreException>(() => node.DeleteAsync("a"));
        Assert.Equal(BlockOf("10.0.0.0"), error.Damaged?.Id);
        Assert.Empty(await node.DeleteAsync("somebody else"));

        _store.Damaged.Clear();
        await node.MaintainAsync();
        Assert.Single(await node.DeleteAsync("a"));
        Assert.Empty(node.Held());
    }

    [Fact]
    public async Task A_release_fails_of_a_lease_that_memory_had_read_before_the_block_was_damaged()
    {
        _store.HasOwnerIndex = false;
        await using var node = await StartAsync();
        await node.AddAsync("a", TwoBlocks);
        Damage("10.0.0.0");
        await node.MaintainAsync();

        var error = await Assert.ThrowsAsync<StoreException>(() => node.DeleteAsync("a"));
        Assert.NotNull(error.Damaged);
    }

    [Fact]
    public async Task A_release_ends_what_is_whole_and_fails_for_what_is_damaged()
    {
        await using var node = await StartAsync();
        await node.AddAsync("a", Some.Entry("10.0.0.0/26"), Some.Entry("10.0.1.0/26"));
        Damage("10.0.1.0");
        await node.MaintainAsync();

        await Assert.ThrowsAsync<StoreException>(() => node.DeleteAsync("a"));
        Assert.Equal(["a 10.0.1.0"], node.Held());
    }

    [Fact]
    public async Task An_owner_in_a_damaged_block_gets_no_second_address()
    {
        await using (var before = await StartAsync())
            await before.AddAsync("a", TwoBlocks);
        Damage("10.0.0.0");
        await using var node = await StartAsync();

        // The store refuses the second lease. Those that share the commit aren't kept waiting.
        var (a, b) = await node.TogetherAsync(() => (node.AskAsync("a", Some.Entry(TwoBlocks)), node.AskAsync("b", Some.Entry(TwoBlocks))));
        var error = await Assert.ThrowsAsync<StoreException>(() => a);
        Assert.NotNull(error.Damaged);
        Assert.IsType<AllocationOutcome.Allocated>(await b);
        Assert.Equal(2, node.Held().Length);
    }

    [Fact]
    public async Task A_block_that_turns_out_damaged_at_a_commit_is_passed_over()
    {
        await using var node = await StartAsync();
        await node.AddAsync("a", TwoBlocks);
        Damage("10.0.0.0");

        Assert.Equal("10.0.0.64", (await node.AddAsync("b", TwoBlocks)).Address.ToString());
        await Assert.ThrowsAsync<StoreException>(() => node.DeleteAsync("a"));
    }

    [Fact]
    public async Task A_damaged_block_that_is_deleted_gives_its_addresses_back()
    {
        await using var node = await StartAsync();
        await node.AddAsync("a", TwoBlocks);
        Damage("10.0.0.0");
        await node.MaintainAsync();
        Assert.Equal("10.0.0.64", (await node.AddAsync("b", TwoBlocks)).Address.ToString());

        _store.Damaged.Clear();
        node.Other.Give("10.0.0.0");
        node.Other.Delete("10.0.0.0");
        await node.MaintainAsync();
        Assert.Equal("10.0.0.0", (await node.AddAsync("c", "10.0.0.0/26")).Address.ToString());
    }

    [Fact]
    public async Task The_observer_is_told_once_when_a_block_is_set_aside_and_once_when_it_is_back()
    {
        var told = new Told();
        await using var allocator = new Allocator(_store, new AllocatorOptions(), _time, new Random(1), told);
        await allocator.StartAsync(default);
        await allocator.AllocateAsync(Some.Request("a", [Some.Entry(TwoBlocks)]), default);
        Damage("10.0.0.0");
        for (var i = 0; i < 3; i++)
            await allocator.MaintainAsync(default);
        _store.Damaged.Clear();
        for (var i = 0; i < 3; i++)
            await allocator.MaintainAsync(default);
        await allocator.DisposeAsync();

        Assert.Equal([$"aside {BlockOf("10.0.0.0")}", $"back {BlockOf("10.0.0.0")}"], told.What);
    }

    [Fact]
    public async Task Who_has_started_has_told_of_what_is_damaged()
    {
        await using (var before = await StartAsync())
            await before.AddAsync("a", TwoBlocks);
        Damage("10.0.0.0");

        // The loop might be quick enough to tell of it in time: not always.
        for (var i = 0; i < 50; i++)
        {
            var told = new Told();
            await using var allocator = new Allocator(_store, new AllocatorOptions { Node = "here" }, _time, new Random(1), told);
            await allocator.StartAsync(default);
            Assert.Equal([$"aside {BlockOf("10.0.0.0")}"], told.What.ToArray());
        }
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private Task<TestNode> StartAsync() => TestNode.StartAsync(_store, _time);

    private void Damage(string address, bool summaryToo = true)
    {
        _store.Damaged.Add(BlockOf(address));
        _store.DamagesSummaries = summaryToo;
    }

    private static BlockId BlockOf(string address) => BlockId.Of(Some.Space, Address.Parse(address));

    private sealed class Told : IAllocatorObserver
    {
        public List<string> What { get; } = [];

        public void Committed(int requests, int blocks, int conflicts, TimeSpan duration)
        {
        }

        public void Failed(Exception fault, bool isUncertain)
        {
        }

        public void Ended(IReadOnlyList<EndedLease> leases)
        {
        }

        public void SetAside(DamagedBlock block) => What.Add($"aside {block.Id}");

        public void Returned(DamagedBlock block) => What.Add($"back {block.Id}");
    }
}
