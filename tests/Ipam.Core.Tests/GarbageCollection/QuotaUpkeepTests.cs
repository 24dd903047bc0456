using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.GarbageCollection;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.GarbageCollection;

/// <summary>Nobody's share of a quota is lost to the others.</summary>
public sealed class QuotaUpkeepTests : IAsyncDisposable
{
    private readonly InMemoryCluster _cluster = new();
    private readonly InMemoryStore _store;
    private readonly ManualTimeProvider _time = new(Some.Instant);

    public QuotaUpkeepTests()
    {
        _store = new InMemoryStore(StoreMode.PerBlock) { IsSharedByNodes = true, Cluster = _cluster };
        _cluster.Nodes["there"] = "uid of there";
        Assert.True(_store.Nodes.PutAsync(new NodeEntry("there", "machine", "run", "host", "past", 1), null, default).Result);
        _store.QuotaShares.Records["blue/shop"] = "stamp\n7 gone\n3 there";
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task A_node_that_is_gone_has_what_is_left_of_it_and_then_nothing_and_one_that_is_there_what_it_says()
    {
        await PutPoolAsync(10);
        Give("10.1.0.1", "gone");
        Give("10.1.0.2", "there");
        await PassAsync();
        Assert.Equal("1 gone,3 there", Shares());

        _store.Content.Clear();
        await PassAsync();
        Assert.Equal("3 there", Shares());
    }

    [Fact]
    public async Task What_is_kept_by_no_node_counts()
    {
        await PutPoolAsync(10);
        Give("10.1.0.1", "");
        await PassAsync();
        Assert.Equal("1 ,3 there", Shares());
    }

    [Fact]
    public async Task Of_a_quota_that_is_gone_nothing_is_noted()
    {
        _store.QuotaShares.Records["blue/"] = "counted";
        await PutPoolAsync(null);
        await PassAsync();
        Assert.Empty(_store.QuotaShares.Records);
    }

    [Fact]
    public async Task A_share_that_is_written_meanwhile_stays()
    {
        await PutPoolAsync(10);
        var collector = new LeakCollector(_store, new CollectorOptions { By = "leader" }, _time, new Random(1));
        await collector.PassAsync(
            () =>
            {
                _store.QuotaShares.Records["blue/shop"] = "other\n1 gone\n4 there";
                return true;
            },
            default);
        Assert.Equal("1 gone,4 there", Shares());
    }

    [Fact]
    public async Task A_node_that_takes_its_leave_while_the_leader_looks_keeps_its_share()
    {
        await PutPoolAsync(10);
        foreach (var address in (string[])["10.1.0.2", "10.1.0.3", "10.1.0.4"])
            Give(address, "there");
        Give("10.1.0.1", "gone");
        var collector = new LeakCollector(_store, new CollectorOptions { By = "leader" }, _time, new Random(1));
        await collector.PassAsync(static () => true, default);
        // From now on the leader looks at the nodes once more, after the blocks: there is somebody to be judged.
        _time.Advance(_store.Nodes.Silence + TimeSpan.FromSeconds(1));
        _store.AfterRead = async () =>
        {
            _store.AfterRead = null;
            await _store.Nodes.RemoveAsync((await _store.Nodes.FindAsync("there", default))!, default);
        };

        await collector.PassAsync(static () => true, default);

        Assert.Null(await _store.Nodes.FindAsync("there", default));
        Assert.Equal("1 gone,3 there", Shares());
    }

    [Fact]
    public async Task What_a_sticky_owner_keeps_of_a_node_that_is_gone_counts_from_then_on()
    {
        await PutPoolAsync(10);
        _cluster.Objects.Add("StatefulSet shop/web");
        _cluster.Pods.Add(new ClusterPod("shop", "other", [], "there", false, []));
        Give("10.1.0.1", "gone");
        Give("10.1.0.2", "gone", new StickyMark(new StickyOwner(StickyKind.StatefulSet, "shop", "web-0"), null));
        var collector = new LeakCollector(_store, new CollectorOptions { By = "leader", NodeGoneAfter = TimeSpan.FromMinutes(1), Grace = TimeSpan.FromSeconds(30) }, _time, new Random(1));
        for (var pass = 0; _store.Content.Leases.Any(static lease => lease.Node == "gone"); pass++)
        {
            Assert.InRange(pass, 0, 20);
            _time.Advance(TimeSpan.FromSeconds(31));
            await collector.PassAsync(static () => true, default);
        }

        Assert.Equal("10.1.0.2", Assert.Single(_store.Content.Leases).Address.ToString());
        Assert.Equal("1 ,3 there", Shares());
    }

    [Fact]
    public async Task What_can_not_be_read_keeps_no_other_from_being_mended()
    {
        await PutPoolAsync(10);
        _store.QuotaShares.Records["blue/lab"] = "stamp\nmany gone";
        _store.QuotaShares.Records["blue/a"] = "stamp\n5 gone";
        Assert.Contains("quota blue/lab", Assert.Single((await PassAsync()).Failures), StringComparison.Ordinal);
        Assert.Equal("3 there", Shares());
        Assert.Equal(["blue/lab", "blue/shop"], _store.QuotaShares.Records.Keys.Order());
    }

    private Task<bool> PutPoolAsync(long? quota) => _store.Pools.PutAsync(
        new Pool
        {
            Name = "blue",
            Ranges = [new PoolRange { Subnet = Prefix.Parse("10.1.0.0/24") }],
            Quotas = quota is { } number ? new Dictionary<string, long> { ["*"] = number } : new Dictionary<string, long>(),
        },
        default);

    private Task<CollectionReport> PassAsync() =>
        new LeakCollector(_store, new CollectorOptions { By = "leader" }, _time, new Random(1)).PassAsync(static () => true, default);

    private string Shares() => string.Join(',', (_store.QuotaShares.Records.GetValueOrDefault("blue/shop") ?? "").Split('\n').Skip(1));

    private void Give(string address, string node, StickyMark? sticky = null)
    {
        var lease = Some.Lease(address, address) with { Node = node, Pod = new PodReference("shop", "web", ""), Sticky = sticky };
        var block = _store.Content.Find(BlockId.Of(lease.Space, lease.Address)) ?? new Block(BlockId.Of(lease.Space, lease.Address), []);
        lease = lease with { Sequence = block.LastSequence + 1 };
        Assert.Equal(CommitStatus.Committed, _store.Content.Commit([new BlockChange(block.Take(lease), [lease], [])])[0].Status);
    }
}
