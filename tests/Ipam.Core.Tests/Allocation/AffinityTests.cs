using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Allocation;

/// <summary>Nodes keep to blocks of their own as long as they can.</summary>
public sealed class AffinityTests : IAsyncDisposable
{
    private static readonly AllocationPolicy Own = new() { Affinity = BlockAffinity.Node };
    private static readonly AllocationPolicy Strict = new() { Affinity = BlockAffinity.Node, IsStrict = true };

    private readonly InMemoryStore _store = new(StoreMode.PerBlock);
    private readonly ManualTimeProvider _time = new(Some.Instant);
    private readonly List<TestNode> _nodes = [];

    [Fact]
    public async Task A_node_fills_its_block_before_it_claims_another()
    {
        var node = await StartAsync("a");
        for (var i = 0; i < 64; i++)
            await AddAsync(node, $"c{i}", Own);
        Assert.Equal("a", Assert.Single(_store.Content.Blocks).Node);

        await AddAsync(node, "one more", Own);
        Assert.Equal(["a", "a"], _store.Content.Blocks.Select(static block => block.Node));
    }

    [Fact]
    public async Task A_freed_address_of_its_own_comes_before_a_new_block()
    {
        var node = await StartAsync("a");
        for (var i = 0; i < 64; i++)
            await AddAsync(node, $"c{i}", Own);
        await node.DeleteAsync("c7");
        await AddAsync(node, "again", Own);
        Assert.Single(_store.Content.Blocks);
    }

    [Fact]
    public async Task Nodes_take_from_blocks_of_their_own()
    {
        foreach (var name in (string[])["a", "b", "c", "d"])
        {
            var node = await StartAsync(name);
            for (var i = 0; i < 10; i++)
                await AddAsync(node, $"{name}{i}", Own);
        }
        Assert.All(_store.Content.Blocks, static block => Assert.All(block.Leases, lease => Assert.Equal(block.Node, lease.Node)));
        Assert.Equal(4, _store.Content.Blocks.Length);
    }

    [Fact]
    public async Task The_last_address_is_handed_out_before_a_range_is_exhausted_whoever_asks()
    {
        var nodes = new List<TestNode>();
        for (var i = 0; i < 8; i++)
            nodes.Add(await StartAsync($"node-{i}"));
        var addresses = new HashSet<Address>();
        for (var i = 0; i < 256; i++)
            Assert.True(addresses.Add(await AddAsync(nodes[i % 8], $"c{i}", Own)));
        foreach (var node in nodes)
            Assert.IsType<AllocationOutcome.Exhausted>(await AskAsync(node, "late", Own));

        // What the store said a moment ago serves for so long.
        _time.Advance(new AllocatorOptions().VerdictAge);
        await nodes[0].DeleteAsync("c0");
        Assert.DoesNotContain(await AddAsync(nodes[5], "late", Own), addresses.Where(address => _store.Content.Leases.Count(l => l.Address == address) > 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task However_many_ask_at_once_a_range_is_exhausted_only_when_its_last_address_is_held(int seed)
    {
        var nodes = new List<TestNode>();
        for (var i = 0; i < 8; i++)
            nodes.Add(await StartAsync($"node-{i}", maxBatch: 1));
        var faults = new Random(seed);
        _store.Fault = _ =>
        {
            lock (faults)
                return faults.Next(3) > 0 ? StoreFault.Slow : StoreFault.None;
        };

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(() => AskAsync(nodes[i % 8], $"c{i}", Own))));

        Assert.Equal(256, outcomes.OfType<AllocationOutcome.Allocated>().Select(static a => a.Addresses[0].Lease.Address).Distinct().Count());
        Assert.All(outcomes.OfType<AllocationOutcome.Exhausted>(), static exhausted => Assert.Equal(256, exhausted.Held));
    }

    [Fact]
    public async Task A_node_that_starts_late_borrows_what_others_left()
    {
        var early = await StartAsync("early");
        for (var i = 0; i < 250; i++)
            await AddAsync(early, $"c{i}", Own);
        var late = await StartAsync("late");
        for (var i = 0; i < 6; i++)
            await AddAsync(late, $"late{i}", Own);
        Assert.IsType<AllocationOutcome.Exhausted>(await AskAsync(late, "one too many", Own));

        // What it borrowed it finds again, and can release, after a restart.
        var restarted = await StartAsync("late");
        Assert.True(Assert.IsType<AllocationOutcome.Allocated>(await AskAsync(restarted, "late3", Own)).Replayed);
        Assert.Single(await restarted.DeleteAsync("late3"));
    }

    [Fact]
    public async Task A_node_amidst_more_blocks_of_others_than_it_may_try_still_finds_an_address()
    {
        var node = await StartAsync("a");
        for (var i = 0; i < 256; i++)
            node.Other.Take($"10.0.{i / 4}.{i % 4 * 64}", $"other {i}");
        await AddAsync(node, "first", Own, "10.0.0.0/18");
    }

    [Fact]
    public async Task Nodes_whose_names_differ_in_one_digit_start_far_from_each_other()
    {
        for (var i = 0; i < 8; i++)
            await AddAsync(await StartAsync($"node-{i}"), $"c{i}", Own, "10.0.0.0/8");
        var places = _store.Content.Blocks.Select(static block => (long)block.Id.Index).Order().ToList();
        Assert.All(places.Zip(places.Skip(1)), static pair => Assert.True(pair.Second - pair.First > 1000, $"{pair} are close"));
    }

    [Fact]
    public async Task The_next_range_is_for_when_no_node_has_room_in_the_first()
    {
        var early = await StartAsync("early");
        for (var i = 0; i < 3; i++)
            await AddAsync(early, $"c{i}", Own, "10.0.0.0-10.0.0.9");
        var late = await StartAsync("late");
        Assert.Equal(Address.Parse("10.0.0.3"), await AddAsync(late, "a", Own, "10.0.0.0-10.0.0.3", "10.9.0.0/24"));
        Assert.StartsWith("10.9.0.", (await AddAsync(late, "b", Own, "10.0.0.0-10.0.0.3", "10.9.0.0/24")).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_strict_range_never_borrows()
    {
        var (a, b) = (await StartAsync("a"), await StartAsync("b"));
        await AddAsync(a, "first", Strict, "10.0.0.0-10.0.0.63");
        Assert.IsType<AllocationOutcome.Exhausted>(await AskAsync(b, "second", Strict, "10.0.0.0-10.0.0.63"));

        _time.Advance(new AllocatorOptions().VerdictAge);
        await a.DeleteAsync("first");
        await AddAsync(b, "second", Strict, "10.0.0.0-10.0.0.63");
        Assert.Equal("b", Assert.Single(_store.Content.Blocks).Node);
    }

    [Fact]
    public async Task A_requested_address_in_anothers_block_is_handed_out_if_it_is_free_and_its_holder_named_if_not()
    {
        var a = await StartAsync("a");
        var held = await AddAsync(a, "first", Own);
        var b = await StartAsync("b");
        var refused = Assert.IsType<AllocationOutcome.RequestRefused>(await RequestAsync(b, held));
        Assert.Equal("first", refused.InTheWay?.Owner.ContainerId);

        var free = held with { Value = held.Value ^ 1 };
        Assert.IsType<AllocationOutcome.Allocated>(await RequestAsync(b, free));
    }

    [Fact]
    public async Task Maintenance_reads_no_blocks_of_others()
    {
        var a = await StartAsync("a");
        await AddAsync(a, "first", Own);
        var b = await StartAsync("b");
        await AddAsync(b, "second", Own);
        await b.MaintainAsync();
        Assert.Equal(2, b.Allocator.Usage.Single().Held);
        Assert.Equal(new string?[] { "a", "b" }, _store.Content.Blocks.Select(static block => block.Node).Order());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
    }

    private async Task<TestNode> StartAsync(string name, int maxBatch = 512)
    {
        _nodes.Add(await TestNode.StartAsync(_store, _time, new AllocatorOptions { Node = name, MaxBatch = maxBatch }));
        return _nodes[^1];
    }

    private static async Task<Address> AddAsync(TestNode node, string owner, AllocationPolicy policy, params string[] ranges) =>
        Assert.IsType<AllocationOutcome.Allocated>(await AskAsync(node, owner, policy, ranges)).Addresses[0].Lease.Address;

    private static Task<AllocationOutcome> AskAsync(TestNode node, string owner, AllocationPolicy policy, params string[] ranges) =>
        node.Allocator.AllocateAsync(
            Some.Request(owner, Some.Entry(ranges.Length == 0 ? ["10.0.0.0/24"] : ranges)).Under(policy) with { Node = node.Name }, default);

    private static Task<AllocationOutcome> RequestAsync(TestNode node, Address address) =>
        node.Allocator.AllocateAsync(
            Some.Request("asker", new AllocationEntry([Some.Range("10.0.0.0/24")], address)).Under(Own) with { Node = node.Name }, default);
}
