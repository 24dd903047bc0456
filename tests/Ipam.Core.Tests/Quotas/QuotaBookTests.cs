using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Quotas;
using Ipam.Core.Stores;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Quotas;

/// <summary>The pods of a namespace never hold more of a pool than its quota, whoever hands out, and all of it can be had.</summary>
public sealed class QuotaBookTests : IAsyncDisposable
{
    private readonly InMemoryStore _store = new(StoreMode.PerBlock) { IsSharedByNodes = true };
    private readonly List<Node> _nodes = [];
    private TimeSpan _storeTimeout = TimeSpan.FromSeconds(10);
    private Pool _pool = new()
    {
        Name = "blue",
        Ranges = [new PoolRange { Subnet = Prefix.Parse("10.1.0.0/16") }],
        Quotas = new Dictionary<string, long> { ["shop"] = 100, ["closed"] = 0 },
        Version = 1,
    };

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Of_64_who_ask_on_8_nodes_at_once_exactly_as_many_get_one_as_the_quota_allows()
    {
        await StartAsync(8);
        var got = (await Task.WhenAll(Enumerable.Range(0, 64).Select(caller => Task.Run(() => AddAllAsync(caller, 3))))).SelectMany(static leases => leases).ToList();

        Assert.Equal(100, got.Count);
        Assert.Equal(100, Held());
        Assert.Equal(100, Shares().Total);
    }

    [Fact]
    public async Task What_is_released_can_be_had_again_on_the_same_node_at_once_and_on_another_when_the_node_has_settled()
    {
        await StartAsync(2);
        var first = await AddAllAsync(0, 100);
        Assert.Equal(100, first.Count);
        Assert.Equal("pool blue has a quota of 100 addresses for namespace shop, and 100 addresses are taken", await _nodes[1].RefusalAsync("other"));

        await _nodes[0].Allocator.ReleaseAsync(first[0], ReleaseCause.Del, default);
        Assert.NotNull(await _nodes[0].AddAsync("again"));
        await _nodes[0].Allocator.ReleaseAsync(first[2], ReleaseCause.Del, default);
        await _nodes[0].Allocator.ReleaseAsync(first[3], ReleaseCause.Del, default);
        Assert.NotNull(await _nodes[0].AddAsync("one more"));
        Assert.NotNull(await _nodes[0].AddAsync("another one"));

        await _nodes[0].Allocator.ReleaseAsync(first[1], ReleaseCause.Del, default);
        await _nodes[0].Book.SettleAsync(default);
        Assert.Equal(99, Shares().Total);
        await Task.Delay(1100);
        Assert.NotNull(await _nodes[1].AddAsync("another"));
        Assert.Equal(100, Held());
    }

    [Fact]
    public async Task Others_are_not_limited_and_none_is_none()
    {
        await StartAsync(1);
        Assert.Null(await _nodes[0].AddAsync("a", "closed"));
        Assert.Equal("pool blue has a quota of 0 addresses for namespace closed, and 0 addresses are taken", await _nodes[0].RefusalAsync("a", "closed"));
        Assert.Equal(("shop", 100L), ("shop", _pool.QuotaOf("shop")));
        Assert.Null(_pool.QuotaOf("other"));
        Assert.Equal(7, (_pool with { Quotas = new Dictionary<string, long> { ["*"] = 7 } }).QuotaOf("other"));
    }

    [Fact]
    public async Task What_was_held_before_there_was_a_quota_counts()
    {
        await StartAsync(3);
        foreach (var i in Enumerable.Range(0, 30))
            await _nodes[0].AddUncheckedAsync($"before {i}");
        foreach (var i in Enumerable.Range(0, 10))
            await _nodes[0].AddUncheckedAsync($"other {i}", "other");
        _pool = _pool with { Quotas = new Dictionary<string, long> { ["shop"] = 31 }, Version = 2 };

        Assert.NotNull(await _nodes[1].AddAsync("a"));
        Assert.Null(await _nodes[1].AddAsync("b"));
        Assert.Null(await _nodes[0].AddAsync("c"));
        Assert.Equal(31, Held());
        Assert.DoesNotContain("blue/other", _store.QuotaShares.Records.Keys);
    }

    [Fact]
    public async Task Who_counts_while_the_store_hangs_is_told_so_and_it_is_counted_again()
    {
        _storeTimeout = TimeSpan.FromMilliseconds(200);
        await StartAsync(1);
        await Wait.UntilAsync(() => _store.Listings > 0, "the node's look after its start");
        var listing = _store.Hold(StoreAction.Read);
        var fault = await Assert.ThrowsAsync<StoreException>(() => _nodes[0].AddAsync("a"));
        Assert.StartsWith("memory didn't answer within 0.2 s", fault.Message, StringComparison.Ordinal);
        await listing.ReleaseAsync();
        Assert.NotNull(await _nodes[0].AddAsync("b"));
    }

    [Fact]
    public async Task A_share_for_nothing_is_given_back()
    {
        await StartAsync(1);
        using (var draw = await _nodes[0].Book.DrawAsync(Some.Owner("a"), "shop", [(_pool, 2)], default))
            Assert.Equal(2, Shares().Total);
        await _nodes[0].Book.SettleAsync(default);
        Assert.Equal(0, Shares().Total);
    }

    [Fact]
    public async Task A_node_that_was_killed_finds_what_it_has_and_no_more()
    {
        await StartAsync(1);
        Assert.Equal(5, (await AddAllAsync(0, 5)).Count);
        // One more that it didn't come to.
        await _nodes[0].Book.DrawAsync(Some.Owner("lost"), "shop", [(_pool, 1)], default);
        Assert.Equal(6, Shares().Total);
        await StartAsync(1);

        await _nodes[^1].Book.SweepAsync(new PoolCatalog(1, [_pool], []), default);
        Assert.Equal(5, Shares().Total);
    }

    [Fact]
    public async Task Who_goes_away_before_anything_was_counted_takes_nothing_from_a_share()
    {
        await StartAsync(1);
        Assert.Equal(5, (await AddAllAsync(0, 5)).Count);
        await StartAsync(1);
        // The pool is counted, and the node's share of this quota isn't.
        Assert.Null(await _nodes[^1].AddAsync("a", "closed"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _nodes[^1].AddAsync("gone", cancellationToken: new CancellationToken(canceled: true)));

        await _nodes[^1].Book.SettleAsync(default);
        Assert.Equal(5, Shares().Total);
    }

    [Fact]
    public async Task What_is_in_a_block_that_can_not_be_read_counts_all_the_same()
    {
        await StartAsync(2);
        var held = await AddAllAsync(0, 80);
        _store.Damaged.Add(BlockId.Of(Some.Space, held[0].Address));
        await _nodes[0].Allocator.MaintainAsync(default);
        Assert.True(_nodes[0].Allocator.HasDamage);

        await _nodes[0].Allocator.ReleaseAsync(held[^1], ReleaseCause.Del, default);
        await _nodes[0].Book.SettleAsync(default);
        Assert.Equal(79, Shares().Of("node0"));
        Assert.NotNull(await _nodes[0].AddAsync("one more"));
        Assert.Equal(20, (await AddAllAsync(1, 30)).Count);

        _store.Damaged.Clear();
        await _nodes[0].Allocator.MaintainAsync(default);
        await _nodes[0].Book.SweepAsync(new PoolCatalog(1, [_pool], []), default);
        Assert.Equal(80, Shares().Of("node0"));
    }

    [Fact]
    public async Task Whose_store_lost_the_shares_notes_them_anew()
    {
        await StartAsync(1);
        Assert.Equal(5, (await AddAllAsync(0, 5)).Count);
        _store.QuotaShares.Records.Clear();
        await _nodes[0].Book.SweepAsync(new PoolCatalog(1, [_pool], []), default);
        Assert.Equal(5, Shares().Total);
    }

    [Fact]
    public async Task A_share_that_nobody_can_read_is_said_to_be_so()
    {
        await StartAsync(1);
        Assert.NotNull(await _nodes[0].AddAsync("a"));
        _store.QuotaShares.Records["blue/shop"] = "stamp\nmany node0";
        var fault = await Assert.ThrowsAsync<StoreException>(() => _nodes[0].AddAsync("b"));
        Assert.StartsWith("the store says of quota blue/shop, which nodes hold how much of it, \"many node0\", and wanted is", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_share_that_nobody_can_read_keeps_no_other_from_being_given_back()
    {
        _pool = _pool with { Quotas = new Dictionary<string, long> { ["*"] = 10 } };
        await StartAsync(1);
        var leases = new List<Lease>();
        foreach (var name in (string[])["shop", "lab", "yard"])
            leases.Add((await _nodes[0].AddAsync(name, name))!);
        _store.QuotaShares.Records["blue/shop"] = "stamp\nmany node0";

        foreach (var lease in leases.Take(2))
            await _nodes[0].Allocator.ReleaseAsync(lease, ReleaseCause.Del, default);
        Assert.Contains("blue/shop", (await Assert.ThrowsAsync<StoreException>(() => _nodes[0].Book.SettleAsync(default))).Message, StringComparison.Ordinal);
        Assert.Equal(0, Shares("lab").Total);
        // It is said once, and not every second.
        await _nodes[0].Book.SettleAsync(default);

        await _nodes[0].Allocator.ReleaseAsync(leases[2], ReleaseCause.Del, default);
        await Assert.ThrowsAsync<StoreException>(() => _nodes[0].Book.SweepAsync(new PoolCatalog(1, [_pool], []), default));
        Assert.Equal(0, Shares("yard").Total);
        _store.QuotaShares.Records["blue/shop"] = "stamp\n7 node0";
        await _nodes[0].Book.SweepAsync(new PoolCatalog(1, [_pool], []), default);
        Assert.Equal(0, Shares().Total);
    }

    [Fact]
    public async Task A_write_that_arrives_late_takes_nothing_from_a_share_that_was_promised_since()
    {
        await StartAsync(2);
        var first = await AddAllAsync(0, 100);
        await _nodes[0].Allocator.ReleaseAsync(first[0], ReleaseCause.Del, default);
        _store.QuotaShares.IsNextLate = true;
        await Assert.ThrowsAsync<StoreException>(() => _nodes[0].Book.SettleAsync(default));

        Assert.NotNull(await _nodes[0].AddAsync("instead"));
        _store.QuotaShares.Arrive();
        Assert.Equal(100, Shares().Total);
        Assert.Null(await _nodes[1].AddAsync("one too many"));
    }

    [Fact]
    public async Task What_was_handed_out_while_there_was_no_quota_counts_when_there_is_one_again()
    {
        await StartAsync(2);
        Assert.NotNull(await _nodes[1].AddAsync("first"));
        var without = _pool with { Quotas = new Dictionary<string, long>(), Version = 2 };
        foreach (var i in Enumerable.Range(0, 5))
            await _nodes[0].AddUncheckedAsync($"between {i}");
        foreach (var node in _nodes)
            await node.Book.SweepAsync(new PoolCatalog(2, [without], []), default);

        _pool = _pool with { Quotas = new Dictionary<string, long> { ["shop"] = 6, ["closed"] = 0 }, Version = 3 };
        Assert.Null(await _nodes[1].AddAsync("one too many"));
        Assert.Equal(6, Shares().Total);
    }

    [Fact]
    public async Task What_somebody_goes_on_with_who_had_it_on_another_node_counts_there_before_it_is_taken_out_here()
    {
        await StartAsync(2);
        var held = await AddAllAsync(0, 100);
        using (var draw = await _nodes[1].Book.DrawAsync(Some.Owner("moved"), "shop", [(_pool, 1)], default))
        {
            Assert.Single(draw.Obstacles);
            await draw.CoverAsync([held[0]], held[0].Pod, default);
            Assert.Equal((100, 1), (Shares().Of("node0"), Shares().Of("node1")));
            // It is tried again.
            await draw.CoverAsync([held[0]], held[0].Pod, default);
            Assert.Equal(1, Shares().Of("node1"));
        }
        // It came to nothing.
        await _nodes[1].Book.SettleAsync(default);
        Assert.Equal((100, 0), (Shares().Of("node0"), Shares().Of("node1")));

        // What the node has itself is counted already.
        using var own = await _nodes[0].Book.DrawAsync(Some.Owner("stays"), "shop", [(_pool, 1)], default);
        await own.CoverAsync([held[0]], held[0].Pod, default);
        Assert.Equal(100, Shares().Total);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task With_writes_whose_outcome_nobody_knows_and_callers_who_go_away_it_is_never_exceeded_and_in_the_end_all_can_be_had(int seed)
    {
        _pool = _pool with { Quotas = new Dictionary<string, long> { ["shop"] = 12 } };
        await StartAsync(4);
        using var watching = new CancellationTokenSource();
        var most = Task.Run(() => WatchAsync(watching.Token));
        var failing = new Random(seed);
        _store.QuotaShares.AfterWrite = async () =>
        {
            int dice;
            lock (failing)
                dice = failing.Next(10);
            if (dice == 0)
                throw new StoreException("the answer was lost");
            if (dice < 3)
                await Task.Delay(2);
        };
        await Task.WhenAll(Enumerable.Range(0, 12).Select(caller => Task.Run(() => ComeAndGoAsync(caller, new Random((seed * 100) + caller)))));
        _store.QuotaShares.AfterWrite = null;
        await watching.CancelAsync();
        Assert.InRange(await most, 1, 12);

        foreach (var node in _nodes)
            await node.Book.SettleAsync(default);
        Assert.Equal(Held(), Shares().Total);
        await Task.Delay(1100);
        foreach (var i in Enumerable.Range(0, 12))
            await _nodes[i % 4].AddAsync($"last {i}");
        Assert.Equal(12, Held());
    }

    private async Task ComeAndGoAsync(int caller, Random random)
    {
        var node = _nodes[caller % 4];
        var held = new Queue<Lease>();
        for (var i = 0; i < 40; i++)
        {
            try
            {
                using var leaves = new CancellationTokenSource(random.Next(4) == 0 ? random.Next(3) : 5000);
                if (await node.AddAsync($"{caller}-{i}", cancellationToken: leaves.Token) is { } lease)
                    held.Enqueue(lease);
            }
            catch (Exception e) when (e is StoreException or OperationCanceledException)
            {
                // It may have got one all the same: DEL comes, as from a runtime.
                await node.Allocator.ReleaseAsync(Some.Owner($"{caller}-{i}"), ReleaseCause.Del, null, default);
            }
            if (held.Count > 0 && random.Next(2) == 0)
                await node.Allocator.ReleaseAsync(held.Dequeue(), ReleaseCause.Del, default);
            if (random.Next(4) == 0)
            {
                try
                {
                    await node.Book.SettleAsync(default);
                }
                catch (StoreException)
                {
                    // The next one does it.
                }
            }
        }
        while (held.TryDequeue(out var lease))
            await node.Allocator.ReleaseAsync(lease, ReleaseCause.Del, default);
    }

    private async Task<int> WatchAsync(CancellationToken stop)
    {
        var most = 0;
        while (!stop.IsCancellationRequested)
        {
            most = Math.Max(most, Held());
            await Task.Yield();
        }
        return most;
    }

    private async Task<List<Lease>> AddAllAsync(int caller, int count)
    {
        var got = new List<Lease>();
        for (var i = 0; i < count; i++)
        {
            if (await _nodes[caller % _nodes.Count].AddAsync($"{caller}-{i}") is { } lease)
                got.Add(lease);
        }
        return got;
    }

    private async Task StartAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var node = new Node(_store, $"node{i}", () => _pool, _storeTimeout);
            _nodes.Add(node);
            await node.Allocator.StartAsync(default);
        }
    }

    private int Held() => _store.Content.Leases.Count(static lease => lease.Pod?.Namespace == "shop");

    private QuotaShares Shares(string podNamespace = "shop") => QuotaShares.Read($"blue/{podNamespace}", _store.QuotaShares.Records.GetValueOrDefault($"blue/{podNamespace}"));

    /// <summary>A node as ipamd has it.</summary>
    private sealed class Node : IAllocatorObserver, IAsyncDisposable
    {
        private readonly Func<Pool> _pool;
        private readonly string _name;

        public Node(InMemoryStore store, string name, Func<Pool> pool, TimeSpan storeTimeout)
        {
            (_pool, _name) = (pool, name);
            var options = new AllocatorOptions { Node = name, StoreTimeout = storeTimeout };
            Allocator = new Allocator(store, options, TimeProvider.System, new Random(1), this);
            Book = new QuotaBook(Allocator, store, options, TimeProvider.System);
        }

        public Allocator Allocator { get; }

        public QuotaBook Book { get; }

        public async Task<Lease?> AddAsync(string owner, string podNamespace = "shop", CancellationToken cancellationToken = default)
        {
            using var draw = await Book.DrawAsync(Some.Owner(owner), podNamespace, [(_pool(), 1)], cancellationToken);
            if (draw.Obstacles.Count > 0)
                return null;
            var allocated = Assert.IsType<AllocationOutcome.Allocated>(await Allocator.AllocateAsync(Request(owner, podNamespace), cancellationToken));
            draw.Got(allocated);
            return allocated.Addresses[0].Lease;
        }

        public Task<AllocationOutcome> AddUncheckedAsync(string owner, string podNamespace = "shop") => Allocator.AllocateAsync(Request(owner, podNamespace), default);

        public async Task<string> RefusalAsync(string owner, string podNamespace = "shop")
        {
            using var draw = await Book.DrawAsync(Some.Owner(owner), podNamespace, [(_pool(), 1)], default);
            return draw.Obstacles["blue"];
        }

        public void Committed(int requests, int blocks, int conflicts, TimeSpan duration)
        {
        }

        public void Failed(Exception fault, bool isUncertain)
        {
        }

        public void Ended(IReadOnlyList<EndedLease> leases) => Book.Ended(leases);

        public void SetAside(DamagedBlock block)
        {
        }

        public void Returned(DamagedBlock block)
        {
        }

        public async ValueTask DisposeAsync()
        {
            await Allocator.DisposeAsync();
            Book.Dispose();
        }

        private AllocationRequest Request(string owner, string podNamespace) => Some.Request(owner, new AllocationEntry(PoolRanges.Of(_pool() with { Policy = new AllocationPolicy { Affinity = BlockAffinity.Node } }, []))) with
        {
            Node = _name,
            Pod = new PodReference(podNamespace, owner, ""),
        };
    }
}
