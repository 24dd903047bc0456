using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.GarbageCollection;
using Ipam.Core.Reconciliation;
using Ipam.Core.Stores;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.GarbageCollection;

public sealed class LeakCollectorTests : IAsyncDisposable
{
    private static readonly PodReference Pod = new("shop", "web-0", "uid-1");

    private readonly InMemoryCluster _cluster = new();
    private readonly InMemoryStore _store;
    private readonly ManualTimeProvider _time = new(Some.Instant);
    private readonly Lease _lease = Some.Lease("10.0.0.1") with { Node = "gone", Pod = Pod };
    private readonly Lease _other = Some.Lease("10.0.1.1", "b", 2) with { Node = "there", Pod = new PodReference("shop", "web-1", "uid-2") };

    private bool _mayRelease = true;

    public LeakCollectorTests()
    {
        _store = new InMemoryStore(StoreMode.PerBlock) { IsSharedByNodes = true, Cluster = _cluster };
        foreach (var name in (string[])["there", "b", "c", "d"])
            _cluster.Nodes[name] = $"uid of {name}";
        foreach (var name in (string[])["web-1", "web-2", "web-3", "web-4"])
            _cluster.Pods.Add(new ClusterPod("shop", name, [$"uid of {name}"], "there", false, []));
        Give(_lease);
        Give(_other);
        Registered("gone", "uid of gone");
    }

    private InMemoryNodes Nodes => (InMemoryNodes)_store.Nodes;

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task The_leases_and_blocks_of_a_node_that_was_deleted_go_after_the_grace_and_those_of_others_stay()
    {
        var empty = new Block(BlockId.Of(Some.Space, Address.Parse("10.0.2.0")), []) { Node = "gone" };
        Assert.Equal(CommitStatus.Committed, _store.Content.Commit([new BlockChange(empty, [], [])])[0].Status);
        var collector = Collector();

        await PassesAsync(collector, TimeSpan.FromMinutes(10));
        Assert.Equal(2, _store.Content.Leases.Length);

        var released = Assert.Single((await PassesAsync(collector, TimeSpan.FromMinutes(3))).SelectMany(static pass => pass.Released));
        Assert.Equal(_lease, released.Lease);
        Assert.Matches("^nodes: the cluster has no node gone any more, for at least [0-9]+ s$", released.Because);
        Assert.Equal([_other], _store.Content.Leases);
        Assert.DoesNotContain(_store.Content.Blocks, static block => block.Node == "gone");

        await PassesAsync(collector, TimeSpan.FromMinutes(1));
        Assert.Null(await Nodes.FindAsync("gone", default));
    }

    [Fact]
    public async Task A_node_whose_ipamd_reports_keeps_its_leases_whatever_the_cluster_says()
    {
        var collector = Collector();
        for (var minute = 0; minute < 60; minute++)
        {
            Registered("gone", "uid of gone", minute);
            await PassesAsync(collector, TimeSpan.FromSeconds(20));
        }
        Assert.True(_store.Content.Holds(_lease));
    }

    [Fact]
    public async Task A_node_that_was_absent_only_for_a_while_keeps_its_leases_and_its_absence_begins_anew()
    {
        var collector = Collector();
        await PassesAsync(collector, TimeSpan.FromMinutes(9));
        _cluster.Nodes["gone"] = "uid of gone";
        await PassesAsync(collector, TimeSpan.FromMinutes(60));
        Assert.True(_store.Content.Holds(_lease));

        _cluster.Nodes.Remove("gone");
        await PassesAsync(collector, TimeSpan.FromMinutes(9));
        Assert.True(_store.Content.Holds(_lease));
    }

    /// <summary>It may be the same machine, whose kubelet has made the Node object anew: what lives there has pods, or its ipamd reports.</summary>
    [Theory]
    [InlineData("its pod is gone", false)]
    [InlineData("its pod is there", true)]
    [InlineData("its pod is there, on the new node, under another UID", false)]
    [InlineData("no pod was told", true)]
    [InlineData("its ipamd reports", true)]
    [InlineData("its ipamd never found it in the cluster", true)]
    public async Task A_node_that_was_made_anew_under_its_name_is_no_sign_that_what_was_there_before_lives(string what, bool keeps)
    {
        _cluster.Nodes["gone"] = "another uid";
        var lease = _lease;
        if (what == "no pod was told")
            Give(lease = Some.Lease("10.0.3.1", "c", 3) with { Node = "gone" });
        if (what.StartsWith("its pod is there", StringComparison.Ordinal))
            _cluster.Pods.Add(new ClusterPod(Pod.Namespace, Pod.Name, [keeps ? Pod.Uid : "uid-9"], "gone", false, []));
        if (what == "its ipamd never found it in the cluster")
            Registered("gone", "");
        var collector = Collector();
        for (var minute = 1; minute <= 40; minute++)
        {
            if (what == "its ipamd reports")
                Registered("gone", "uid of gone", minute);
            await PassesAsync(collector, TimeSpan.FromSeconds(20));
        }
        await PassesAsync(collector, what == "its ipamd reports" ? TimeSpan.Zero : TimeSpan.FromMinutes(20));
        Assert.Equal(keeps, _store.Content.Holds(lease));
        Assert.True(_store.Content.Holds(_other));
    }

    [Fact]
    public async Task Blocks_of_a_node_that_was_made_anew_stay_with_its_name()
    {
        _cluster.Nodes["gone"] = "another uid";
        var passes = await PassesAsync(Collector(), TimeSpan.FromMinutes(30));
        Assert.Equal(_lease, Assert.Single(passes.SelectMany(static pass => pass.Released)).Lease);
        Assert.StartsWith("pods: the cluster has no pod shop/web-0 with UID uid-1, and nobody answers for node gone, for at least ", passes.SelectMany(static pass => pass.Released).Single().Because, StringComparison.Ordinal);
        Assert.Contains(_store.Content.Blocks, static block => block.Node == "gone");
        Assert.NotNull(await Nodes.FindAsync("gone", default));
    }

    [Theory]
    [InlineData("uid of gone", true)]
    [InlineData("another uid", false)]
    public async Task A_node_that_comes_back_right_before_the_release_keeps_its_leases_if_it_is_the_same(string uid, bool keeps)
    {
        var collector = Collector();
        _cluster.AfterList = () => _cluster.Nodes["gone"] = uid;
        CollectionReport last;
        do
        {
            _cluster.Nodes.Remove("gone");
            last = (await PassesAsync(collector, TimeSpan.FromSeconds(30)))[0];
        }
        while (last.Due.Count == 0);
        Assert.Equal(keeps, last.Refusals.Any(static refusal => refusal.Reason == RefusedRelease.FreshLook));
        Assert.Equal(keeps, _store.Content.Holds(_lease));
    }

    [Theory]
    [InlineData("by its UID", "uid-1", false, true)]
    [InlineData("by an address in its status that is not the first", "10.0.0.1", false, true)]
    [InlineData("under another UID", "uid-9", false, false)]
    [InlineData("by its UID, ended", "uid-1", true, false)]
    public async Task A_pod_that_the_cluster_has_keeps_its_lease(string how, string sign, bool hasEnded, bool keeps)
    {
        Assert.NotEmpty(how);
        var isAddress = Address.TryParse(sign, out var address);
        _cluster.Pods.Add(new ClusterPod(
            isAddress ? "other" : "shop", "web-0", [isAddress ? "uid-7" : sign], "gone", hasEnded, isAddress ? [Address.Parse("192.168.1.1"), address] : []));
        await PassesAsync(Collector(), TimeSpan.FromMinutes(30));
        Assert.Equal(keeps, _store.Content.Holds(_lease));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_node_that_the_cluster_never_had_is_judged_by_its_pods_alone(bool hasPod)
    {
        Registered("gone", "");
        var withoutPod = Some.Lease("10.0.3.1", "c", 3) with { Node = "gone" };
        Give(withoutPod);
        if (hasPod)
            _cluster.Pods.Add(new ClusterPod("shop", "web-0", ["uid-1"], "known-as-another", false, []));
        await PassesAsync(Collector(), TimeSpan.FromMinutes(60));
        Assert.Equal(hasPod, _store.Content.Holds(_lease));
        Assert.True(_store.Content.Holds(withoutPod));
    }

    [Fact]
    public async Task A_pod_that_is_gone_from_a_node_that_is_there_keeps_its_lease_for_its_container_may_run()
    {
        Assert.DoesNotContain(_cluster.Pods, pod => pod.Uids.Contains(_other.Pod!.Uid));
        await PassesAsync(Collector(), TimeSpan.FromMinutes(60));
        Assert.True(_store.Content.Holds(_other));
    }

    [Fact]
    public async Task A_cluster_that_does_not_answer_is_no_cluster_without_nodes()
    {
        var collector = Collector();
        await PassesAsync(collector, TimeSpan.FromMinutes(9));
        _cluster.Fault = new StoreException("the API server is down");
        for (var minute = 0; minute < 60; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await Assert.ThrowsAsync<StoreException>(() => collector.PassAsync(() => true, default));
        }
        Assert.True(_store.Content.Holds(_lease));
    }

    [Theory]
    [InlineData(0, 60)]
    [InlineData(1, 9)]
    public async Task A_list_of_nodes_that_is_empty_or_has_shrunk_is_not_believed(int left, int minutes)
    {
        var collector = Collector();
        await PassesAsync(collector, TimeSpan.FromMinutes(1));
        foreach (var name in _cluster.Nodes.Keys.Skip(left).ToArray())
            _cluster.Nodes.Remove(name);
        var passes = await PassesAsync(collector, TimeSpan.FromMinutes(minutes));
        Assert.Contains(passes.SelectMany(static pass => pass.Refusals), static refusal => refusal.Reason == RefusedRelease.Implausible);
        Assert.Equal(2, _store.Content.Leases.Length);
    }

    [Fact]
    public async Task An_entry_that_can_not_be_forgotten_keeps_no_lease_from_being_released()
    {
        Registered("long-gone", "uid of long-gone");
        Nodes.ForgetFault = new StoreException("no permission to delete");
        var passes = await PassesAsync(Collector(), TimeSpan.FromMinutes(30));
        Assert.Contains("no permission to delete", passes.SelectMany(static pass => pass.Failures));
        Assert.Equal(_lease, Assert.Single(passes.SelectMany(static pass => pass.Released)).Lease);
        Assert.Equal([_other], _store.Content.Leases);
    }

    [Fact]
    public async Task An_address_that_has_another_lease_by_now_stays()
    {
        var collector = Collector();
        await PassesAsync(collector, TimeSpan.FromMinutes(9));
        var successor = Some.Lease("10.0.0.1", "successor", 7) with { Node = "there" };
        _cluster.AfterList = () =>
        {
            var block = _store.Content.Find(BlockId.Of(Some.Space, _lease.Address))!;
            if (block.Holds(_lease))
                _store.Content.Commit([new BlockChange(block.GiveBack(_lease).Take(successor), [successor], [new EndedLease(_lease, new ReleaseReason(ReleaseCause.Del, "gone"))])]);
        };
        var passes = await PassesAsync(collector, TimeSpan.FromMinutes(4));
        Assert.Empty(passes.SelectMany(static pass => pass.Released));
        Assert.True(_store.Content.Holds(successor));
    }

    [Fact]
    public async Task One_that_may_no_longer_release_releases_nothing_more()
    {
        var collector = Collector();
        Give(Some.Lease("10.0.4.1", "e", 5) with { Node = "gone" });
        await PassesAsync(collector, TimeSpan.FromMinutes(9));
        var asked = 0;
        CollectionReport last;
        do
        {
            _time.Advance(TimeSpan.FromSeconds(30));
            asked = 0;
            // Before the work, before the first block, and then no more.
            last = await collector.PassAsync(() => ++asked <= 2, default);
        }
        while (last.Due.Count == 0);
        Assert.True(last.IsCutShort);
        Assert.Single(last.Released);
        Assert.Equal(2, _store.Content.Leases.Length);
    }

    [Fact]
    public async Task One_that_only_looks_shows_what_it_would_release()
    {
        _mayRelease = false;
        var passes = await PassesAsync(Collector(), TimeSpan.FromMinutes(15));
        Assert.Equal(_lease, Assert.Single(passes[^1].Due).Lease);
        Assert.Equal(2, _store.Content.Leases.Length);
    }

    [Theory]
    [InlineData(null, 600, true)]
    [InlineData(30, 25, true)]
    [InlineData(30, 60, false)]
    public async Task Without_a_cluster_a_silent_node_is_gone_only_after_the_time_that_an_admin_sets(int? goneAfterMinutes, int minutes, bool keeps)
    {
        await using var store = new InMemoryStore(StoreMode.PerBlock) { IsSharedByNodes = true };
        Assert.Equal(CommitStatus.Committed, store.Content.Commit([Change(_lease)])[0].Status);
        var collector = new LeakCollector(
            store, new CollectorOptions { By = "admin", NodeGoneAfter = goneAfterMinutes is { } after ? TimeSpan.FromMinutes(after) : null }, _time, new Random(1));
        for (var elapsed = 0; elapsed < minutes; elapsed++)
        {
            await collector.PassAsync(() => true, default);
            _time.Advance(TimeSpan.FromMinutes(1));
        }
        Assert.Equal(keeps, store.Content.Holds(_lease));
    }

    [Fact]
    public async Task A_pass_over_nodes_that_all_report_asks_the_cluster_for_its_nodes_and_for_no_pods()
    {
        Nodes.Clear();
        _store.Content.Clear();
        Give(_other);
        var collector = Collector();
        await PassesAsync(collector, TimeSpan.FromMinutes(1));
        var before = _cluster.Calls;
        await collector.PassAsync(() => true, default);
        Assert.Equal(1, _cluster.Calls - before);
    }

    [Fact]
    public async Task Only_what_is_of_the_node_that_is_meant_is_judged_released_and_forgotten()
    {
        Registered("left", "uid of left");
        var other = Some.Lease("10.0.4.1", "e", 5) with { Node = "left" };
        Give(other);
        Registered("empty", "uid of empty");

        var passes = await PassesAsync(new LeakCollector(_store, new CollectorOptions { By = "admin", Node = "gone" }, _time, new Random(1)), TimeSpan.FromMinutes(30));

        Assert.Equal(_lease, Assert.Single(passes.SelectMany(static pass => pass.Released)).Lease);
        Assert.All(passes, static pass => Assert.DoesNotContain(pass.Suspects, static suspect => suspect.Lease.Node != "gone"));
        Assert.Equal([_other, other], _store.Content.Leases);
        Assert.Equal(["empty", "left"], (await Nodes.ListAsync(default)).Select(static entry => entry.Node).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Damaged_blocks_are_told_of_and_keep_nothing_else_from_being_released()
    {
        Give(Some.Lease("10.0.4.1", "e", 5) with { Node = "gone" });
        _store.Damaged.Add(BlockId.Of(Some.Space, Address.Parse("10.0.4.1")));

        var passes = await PassesAsync(Collector(), TimeSpan.FromMinutes(15));

        Assert.All(passes, static pass => Assert.Equal("10.0.4.0/26", Assert.Single(pass.Damaged).Id!.Value.Prefix.ToString()));
        Assert.Equal(_lease, Assert.Single(passes.SelectMany(static pass => pass.Released)).Lease);
    }

    [Fact]
    public async Task A_store_that_answers_slowly_shortens_no_watch()
    {
        var time = new PassingTime(Some.Instant);
        _store.AfterRead = () =>
        {
            time.Pass(TimeSpan.FromMinutes(2));
            return Task.CompletedTask;
        };
        var collector = new LeakCollector(_store, new CollectorOptions { By = "admin" }, time, new Random(1));
        var report = await new CollectionRun(collector, TimeSpan.FromMinutes(10), time).RunAsync(onlyLooks: true, static () => false, static (_, _) => { }, default);
        Assert.Equal(_lease, Assert.Single(report.Suspects).Lease);
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("there")]
    public async Task An_address_conflict_that_nobody_ended_ends_some_time_after_it_is_over_whoever_found_it(string node)
    {
        var address = Address.Parse("10.0.3.9");
        var conflict = Some.Lease("10.0.3.9", sequence: 3) with { Node = node, Owner = Owner.Conflict("net", "02:00:00:00:00:09", Some.Space, address) };
        Give(conflict);
        var collector = Collector();

        await PassesAsync(collector, Lease.ConflictLasts + TimeSpan.FromMinutes(9));
        Assert.True(_store.Content.Holds(conflict));

        var released = (await PassesAsync(collector, TimeSpan.FromMinutes(3))).SelectMany(static pass => pass.Released).Single(release => release.Lease.Address == address);
        Assert.Equal("address conflicts: 02:00:00:00:00:09 answered for it at 2026-01-02 03:04:05Z, and it was kept from everybody for 10 minutes", released.Because);
        Assert.False(_store.Content.Holds(conflict));
    }

    private LeakCollector Collector() => new(_store, new CollectorOptions { By = "leader" }, _time, new Random(1));

    /// <summary>Passes every half minute.</summary>
    private async Task<IReadOnlyList<CollectionReport>> PassesAsync(LeakCollector collector, TimeSpan during)
    {
        var passes = new List<CollectionReport>();
        for (var elapsed = TimeSpan.Zero; elapsed < during; elapsed += TimeSpan.FromSeconds(30))
        {
            passes.Add(await collector.PassAsync(() => _mayRelease, default));
            _time.Advance(TimeSpan.FromSeconds(30));
        }
        return passes;
    }

    private void Give(Lease lease) => Assert.Equal(CommitStatus.Committed, _store.Content.Commit([Change(lease)])[0].Status);

    private static BlockChange Change(Lease lease) =>
        new(new Block(BlockId.Of(lease.Space, lease.Address), []) { Node = lease.Node }.Take(lease), [lease], []);

    private void Registered(string node, string uid, long renewals = 0)
    {
        Nodes.Clear(node);
        Assert.True(Nodes.PutAsync(new NodeEntry(node, "instance", "run", "host", "first", renewals) { ClusterUid = uid }, null, default).IsCompletedSuccessfully);
    }
}
