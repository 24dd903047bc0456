using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.GarbageCollection;
using Ipam.Core.Stores;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.GarbageCollection;

/// <summary>Addresses that are kept for nobody any more are found and released, and no others.</summary>
public sealed class KeptLeasesTests : IAsyncDisposable
{
    private static readonly StickyOwner Web = new(StickyKind.StatefulSet, "shop", "web-0");
    private static readonly StickyOwner Machine = new(StickyKind.VirtualMachine, "shop", "db");
    private static readonly StickyOwner Name = new(StickyKind.Name, "", "printer");

    private readonly InMemoryCluster _cluster = new();
    private readonly InMemoryStore _store;
    private readonly ManualTimeProvider _time = new(Some.Instant);

    public KeptLeasesTests()
    {
        _store = new InMemoryStore(StoreMode.PerBlock) { IsSharedByNodes = true, Cluster = _cluster };
        _cluster.Nodes["there"] = "uid of there";
        _cluster.Pods.Add(new ClusterPod("shop", "other", ["uid of other"], "there", false, []));
        _cluster.Objects.UnionWith([Web.ObjectText, Machine.ObjectText]);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Scaled_down_to_nothing_for_a_day_it_stays_and_it_ends_a_grace_after_its_set_is_gone()
    {
        var kept = Keep(Web, "10.0.0.1");
        await PassesAsync(TimeSpan.FromDays(1), TimeSpan.FromMinutes(30));
        Assert.True(_store.Content.Holds(kept));

        var collector = Collector();
        _cluster.Objects.Clear();
        await PassesAsync(collector, TimeSpan.FromMinutes(10));
        Assert.True(_store.Content.Holds(kept));
        var released = Assert.Single((await PassesAsync(collector, TimeSpan.FromMinutes(2))).SelectMany(static pass => pass.Released));
        Assert.Matches("^sticky owners: the cluster has no StatefulSet shop/web, for at least [0-9]+ s$", released.Because);
        Assert.Empty(_store.Content.Leases);
        Assert.Empty(_store.StickyOwners.Records);
    }

    [Fact]
    public async Task A_set_that_is_made_anew_in_between_keeps_it()
    {
        var kept = Keep(Web, "10.0.0.1");
        var collector = Collector();
        _cluster.Objects.Clear();
        await PassesAsync(collector, TimeSpan.FromMinutes(9));
        _cluster.Objects.Add(Web.ObjectText);
        await PassesAsync(collector, TimeSpan.FromMinutes(1));
        _cluster.Objects.Clear();
        await PassesAsync(collector, TimeSpan.FromMinutes(9));
        Assert.True(_store.Content.Holds(kept));
    }

    [Fact]
    public async Task Who_cannot_be_asked_keeps_it()
    {
        var kept = Keep(Web, "10.0.0.1");
        var collector = Collector();
        _cluster.Objects.Clear();
        _cluster.HasFault = new StoreException("injected: forbidden");
        var passes = await PassesAsync(collector, TimeSpan.FromMinutes(30));
        Assert.True(_store.Content.Holds(kept));
        Assert.All(passes, static pass => Assert.Contains("whether the owners of kept addresses are there can't be asked: injected: forbidden", pass.Failures));
    }

    [Fact]
    public async Task Who_may_not_be_asked_for_keeps_it_and_others_are_asked_for_all_the_same()
    {
        var claim = new StickyOwner(StickyKind.IPAMClaim, "shop", "db.blue") { Uid = "1" };
        var (first, second, set) = (Keep(claim, "10.0.0.1"), Keep(claim with { Uid = "2" }, "10.0.0.2"), Keep(Web, "10.0.0.3"));
        var collector = Collector();
        _cluster.Objects.Clear();
        (_cluster.HasFault, _cluster.HasFaultOf) = (new StoreException("injected: forbidden") { IsRefusal = true }, static owner => owner.IsIpamClaim);
        var passes = await PassesAsync(collector, TimeSpan.FromMinutes(15));
        Assert.Equal((true, true, false), (_store.Content.Holds(first), _store.Content.Holds(second), _store.Content.Holds(set)));
        Assert.All(passes, static pass => Assert.Single(pass.Failures));

        // Of two claims of one name one is there.
        _cluster.HasFault = null;
        _cluster.Objects.Add(second.Sticky!.Owner.ObjectText);
        var released = Assert.Single((await PassesAsync(collector, TimeSpan.FromMinutes(15))).SelectMany(static pass => pass.Released));
        Assert.Matches("^sticky owners: the cluster has no IPAMClaim shop/db.blue with UID 1, for at least [0-9]+ s$", released.Because);
        Assert.True(_store.Content.Holds(second));
    }

    [Fact]
    public async Task An_address_that_a_pod_shows_stays_whatever_else_is_found_and_its_time_begins_anew()
    {
        Keep(Machine, "10.0.0.1", TimeSpan.FromHours(1));
        var pod = new ClusterPod("shop", "virt-launcher-db-1", ["uid of db"], "there", false, [Address.Parse("10.0.0.1")]);
        _cluster.Pods.Add(pod);
        await PassesAsync(TimeSpan.FromHours(3), TimeSpan.FromMinutes(10));
        Assert.Equal("10.0.0.1", Assert.Single(_store.Content.Leases).Address.ToString());

        _cluster.Pods.Remove(pod);
        await PassesAsync(TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(10));
        Assert.Single(_store.Content.Leases);
        await PassesAsync(TimeSpan.FromMinutes(70), TimeSpan.FromMinutes(10));
        Assert.Empty(_store.Content.Leases);
    }

    [Fact]
    public async Task An_address_whose_time_is_over_ends_also_where_no_cluster_is_and_another_stays()
    {
        _store.Cluster = null;
        var (over, other) = (Keep(Name, "10.0.0.1", TimeSpan.FromHours(1)), Keep(Name with { Name = "router" }, "10.0.0.2", TimeSpan.FromDays(7)));
        await PassesAsync(TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(10));
        Assert.True(_store.Content.Holds(over));
        await PassesAsync(TimeSpan.FromMinutes(21), TimeSpan.FromMinutes(10));
        Assert.Equal([other], _store.Content.Leases);
        Assert.Equal("Name//router/eth0/net", Assert.Single(_store.StickyOwners.Records).Key);
    }

    [Fact]
    public async Task A_node_that_is_gone_takes_nothing_with_it()
    {
        var container = Some.Lease("10.0.0.1") with { Node = "gone", Sticky = new StickyMark(Web, null), Pod = new PodReference("shop", "web-0", "uid of web") };
        Give(container);
        Assert.True(await _store.Nodes.PutAsync(new NodeEntry("gone", "instance", "run", "host", "first", 0) { ClusterUid = "uid of gone" }, null, default));

        await PassesAsync(TimeSpan.FromMinutes(20), TimeSpan.FromSeconds(30));

        var kept = Assert.Single(_store.Content.Leases);
        Assert.Equal((container.Address, true, ""), (kept.Address, kept.Owner.IsKept, kept.Node));
        Assert.Equal(container.StickyInterface, kept.StickyInterface);
        Assert.Equal("default 10.0.0.1", Assert.Single(_store.StickyOwners.Records).Value);
    }

    [Fact]
    public async Task An_address_that_nobody_was_told_of_ends_and_the_one_of_the_record_stays()
    {
        var (right, spare) = (Keep(Web, "10.0.0.1"), Keep(Web, "10.0.0.2", record: false));

        await PassesAsync(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(30));

        Assert.Equal([right], _store.Content.Leases);
        Assert.False(_store.Content.Holds(spare));
    }

    [Fact]
    public async Task A_record_that_is_missing_is_made_and_one_that_says_nothing_goes()
    {
        Keep(Web, "10.0.0.1", record: false);
        _store.StickyOwners.Records["StatefulSet/shop/web-9/eth0/net"] = "default 10.0.0.9";
        _store.StickyOwners.Records["StatefulSet/shop/web-8/eth0/net"] = "rubbish";

        await PassesAsync(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(30));

        Assert.Equal([new("StatefulSet/shop/web-0/eth0/net", "default 10.0.0.1")], _store.StickyOwners.Records);
    }

    private LeakCollector Collector() => new(_store, new CollectorOptions { By = "leader" }, _time, new Random(1));

    private Task<IReadOnlyList<CollectionReport>> PassesAsync(TimeSpan during, TimeSpan every) => PassesAsync(Collector(), during, every);

    private async Task<IReadOnlyList<CollectionReport>> PassesAsync(LeakCollector collector, TimeSpan during, TimeSpan? every = null)
    {
        var passes = new List<CollectionReport>();
        for (var elapsed = TimeSpan.Zero; elapsed < during; elapsed += every ?? TimeSpan.FromSeconds(30))
        {
            passes.Add(await collector.PassAsync(static () => true, default));
            _time.Advance(every ?? TimeSpan.FromSeconds(30));
        }
        return passes;
    }

    private Lease Keep(StickyOwner owner, string address, TimeSpan? lasts = null, bool record = true)
    {
        var kept = (Some.Lease(address) with { Sticky = new StickyMark(owner, lasts), Node = "there" }).Kept(_time.GetUtcNow(), "there")!;
        var block = BlockId.Of(kept.Space, kept.Address);
        kept = kept with { Sequence = (_store.Content.Find(block)?.LastSequence ?? 0) + 1 };
        Give(kept);
        if (record)
            _store.StickyOwners.Records[kept.StickyInterface!.ToString()] = StickyRecord.Of([kept]).ToString();
        return kept;
    }

    private void Give(Lease lease)
    {
        var block = _store.Content.Find(BlockId.Of(lease.Space, lease.Address)) ?? new Block(BlockId.Of(lease.Space, lease.Address), []);
        Assert.Equal(CommitStatus.Committed, _store.Content.Commit([new BlockChange(block.Take(lease), [lease], [])])[0].Status);
    }
}
