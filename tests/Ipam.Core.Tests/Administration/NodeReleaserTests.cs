using Ipam.Core.Addresses;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Administration;

public sealed class NodeReleaserTests : IAsyncDisposable
{
    private const string Dead = "dead";

    private static readonly NodeEntry Entry = new(Dead, "machine", "run", "host", "first", 7);
    private static readonly ReleaseReason Reason = new(ReleaseCause.Admin, "root", "the node was forgotten");

    private readonly InMemoryStore _store = new(StoreMode.AllOrNothing) { IsSharedByNodes = true };
    private readonly PassingTime _time = new(Some.Instant);
    private readonly List<BlockChange> _changes = [];
    private Action _beforeCommit = static () => { };

    public NodeReleaserTests() => _store.Committing = changes =>
    {
        var meddle = _beforeCommit;
        _beforeCommit = static () => { };
        meddle();
        _changes.AddRange(changes);
    };

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task All_leases_of_the_node_end_with_one_commit_for_each_block_and_those_of_others_stay()
    {
        await RegisterAsync();
        var others = Of("other", "10.0.0.3");
        Put("10.0.0.0", Dead, [Of(Dead, "10.0.0.1"), Of(Dead, "10.0.0.2"), others]);
        Put("10.0.0.64", Dead, [Of(Dead, "10.0.0.65", 9), Of(Dead, "10.0.0.66", 8)]);
        Put("10.0.0.128", "other", [Of("other", "10.0.0.129"), Of(Dead, "10.0.0.130")]);
        Put("10.0.0.192", "other", [Of("other", "10.0.0.193")]);

        var releaser = await ReleaserAsync();
        Assert.True(await ReleaseAsync(releaser));

        Assert.Equal((5, 0, 0), (releaser.Released, releaser.ReleasedByOthers, releaser.GivenUp));
        Assert.Equal([null, null, "other", "other"], _store.Content.Blocks.Select(static block => block.Node));
        Assert.Equal(["10.0.0.3 10.0.0.129 10.0.0.193"], [string.Join(' ', _store.Content.Leases.Select(static lease => lease.Address))]);
        Assert.Equal(3, _changes.Count);
        Assert.All(_changes.SelectMany(static change => change.Ended), static ended => Assert.Equal(Reason, ended.Reason));
        Assert.Null(await _store.Nodes.FindAsync(Dead, default));
    }

    [Fact]
    public async Task Sticky_owners_keep_what_their_containers_had_there()
    {
        var mark = new StickyMark(new StickyOwner(StickyKind.StatefulSet, "shop", "web-0"), null);
        var kept = (Of(Dead, "10.0.0.2", 3) with { Sticky = mark }).Kept(Some.Instant, Dead)!;
        Put("10.0.0.0", Dead, [Of(Dead, "10.0.0.1", 2) with { Sticky = mark }, kept, Of(Dead, "10.0.0.3")]);

        var releaser = await ReleaserAsync();
        Assert.True(await ReleaseAsync(releaser));

        Assert.Equal(2, releaser.Released);
        Assert.Equal(["10.0.0.1", "10.0.0.2"], _store.Content.Leases.Select(static lease => lease.Address.ToString()));
        Assert.All(_store.Content.Leases, lease => Assert.Equal((true, mark), (lease.Owner.IsKept, lease.Sticky)));
        Assert.True(_store.Content.Holds(kept));
        Assert.Null(Assert.Single(_store.Content.Blocks).Node);
    }

    [Fact]
    public async Task What_sticky_owners_keep_goes_on_to_count_and_the_rest_of_its_shares_is_others_whatever_they_write_meanwhile()
    {
        var quotas = new Dictionary<string, long> { ["shop"] = 10 };
        Assert.True(await _store.Pools.PutAsync(new Pool { Name = "blue", Ranges = [new PoolRange { Subnet = Prefix.Parse("10.0.0.0/24") }], Quotas = quotas }, default));
        _store.QuotaShares.Records["blue/shop"] = "first\n4 dead\n1 other";
        var (mark, pod) = (new StickyMark(new StickyOwner(StickyKind.StatefulSet, "shop", "web-0"), null), new PodReference("shop", "web-0", ""));
        Lease OfPod(string address, long sequence, StickyMark? sticky = null) => Of(Dead, address, sequence) with { Pod = pod, Sticky = sticky };
        Put("10.0.0.0", Dead, [OfPod("10.0.0.1", 2, mark), OfPod("10.0.0.2", 3, mark).Kept(Some.Instant, Dead)!, OfPod("10.0.0.3", 4), OfPod("10.0.0.4", 5)]);
        _beforeCommit = () => _store.QuotaShares.Records["blue/shop"] = "second\n4 dead\n2 other";

        Assert.True(await ReleaseAsync(await ReleaserAsync()));

        Assert.Equal(["10.0.0.1", "10.0.0.2"], _store.Content.Leases.Select(static lease => lease.Address.ToString()));
        Assert.Equal(["1 ", "1 dead", "2 other"], _store.QuotaShares.Records["blue/shop"].Split('\n').Skip(1));
    }

    [Fact]
    public async Task Emptied_blocks_are_deleted_but_for_those_that_remember_something()
    {
        Put("10.0.0.0", Dead, [Of(Dead, "10.0.0.1", 5)]);
        Put("10.0.0.64", Dead, [Of(Dead, "10.0.0.65", 9)]);
        Put("10.0.0.128", Dead, [Of(Dead, "10.0.0.129", 6) with { Cooldown = TimeSpan.FromMinutes(1) }]);
        var ahead = (Some.Instant.AddMinutes(1).ToUnixTimeMilliseconds() * 1000) + 1;
        Put("10.0.0.192", Dead, [Of(Dead, "10.0.0.193", ahead)]);
        Put("10.0.1.0", Dead, []);
        Put("fd00::", Dead, [Of(Dead, "fd00::1", 2)]);
        Put("10.0.1.64", null, []);

        Assert.True(await ReleaseAsync(await ReleaserAsync()));

        // The place of IPv4 is in the block with the highest sequence, and that of IPv6 in the only one.
        Assert.Equal(
            ["10.0.0.128/26  [129]", "10.0.0.192/26  []", "10.0.1.64/26  []", "fd00::/122  []"],
            _store.Content.Blocks.Select(static block => $"{block.Id.Prefix} {block.Node} [{string.Join(',', block.Cooling.Select(static cooling => cooling.Offset + 128))}]"));
    }

    [Fact]
    public async Task The_block_that_remembers_a_place_becomes_nobodys()
    {
        Put("10.0.0.0", Dead, [Of(Dead, "10.0.0.1", 5)]);
        Put("10.0.0.64", Dead, [Of(Dead, "10.0.0.65", 9)]);

        Assert.True(await ReleaseAsync(await ReleaserAsync()));

        var kept = Assert.Single(_store.Content.Blocks);
        Assert.Equal((null, 9, 1), (kept.Node, kept.LastSequence, kept.LastOffset));
    }

    [Fact]
    public async Task A_lease_that_was_released_and_handed_out_to_another_owner_meanwhile_stays()
    {
        Put("10.0.0.0", Dead, [Of(Dead, "10.0.0.1"), Of(Dead, "10.0.0.2")]);
        var newer = Of("other", "10.0.0.1", 20) with { Owner = Some.Owner("new") };
        _beforeCommit = () => Change("10.0.0.0", block => block.Release(block.Leases[0], Some.Instant).Take(newer));

        var releaser = await ReleaserAsync();
        Assert.True(await ReleaseAsync(releaser));

        Assert.Equal((1, 1), (releaser.Released, releaser.ReleasedByOthers));
        Assert.Equal([newer], _store.Content.Leases);
    }

    [Fact]
    public async Task A_block_that_was_emptied_and_returned_meanwhile_is_no_fault()
    {
        Put("10.0.0.0", Dead, [Of(Dead, "10.0.0.1")]);
        _beforeCommit = () =>
        {
            Change("10.0.0.0", static block => block.Release(block.Leases[0], Some.Instant));
            new OtherWriter(_store.Content).Delete("10.0.0.0");
        };

        var releaser = await ReleaserAsync();
        Assert.True(await ReleaseAsync(releaser));

        Assert.Equal((0, 1), (releaser.Released, releaser.ReleasedByOthers));
        Assert.Empty(_store.Content.Blocks);
    }

    [Fact]
    public async Task A_conflict_only_delays_it()
    {
        await RegisterAsync();
        Put("10.0.0.0", Dead, [Of(Dead, "10.0.0.1"), Of(Dead, "10.0.0.2")]);
        var writer = new OtherWriter(_store.Content);
        var tries = 0;
        _store.Committing = _ =>
        {
            if (++tries <= 5)
                writer.Touch("10.0.0.0");
        };

        var releaser = await ReleaserAsync();
        Assert.True(await ReleaseAsync(releaser));

        Assert.Equal((6, 2), (tries, releaser.Released));
        Assert.Empty(_store.Content.Leases);
    }

    [Fact]
    public async Task It_gives_up_on_a_block_that_never_rests_goes_on_with_the_others_and_keeps_the_entry()
    {
        await RegisterAsync();
        Put("10.0.0.0", Dead, [Of(Dead, "10.0.0.1"), Of(Dead, "10.0.0.2")]);
        Put("10.0.0.64", Dead, [Of(Dead, "10.0.0.65")]);
        var writer = new OtherWriter(_store.Content);
        var tries = 0;
        _store.Committing = changes =>
        {
            if (changes[0].Block.Id.AddressAt(0) != Address.Parse("10.0.0.0"))
                return;
            tries++;
            writer.Touch("10.0.0.0");
        };

        var releaser = await ReleaserAsync();
        Assert.True(await ReleaseAsync(releaser));

        Assert.Equal((LeaseReleaser.MaxAttempts, 1, 2), (tries, releaser.Released, releaser.GivenUp));
        Assert.Equal(Entry, await _store.Nodes.FindAsync(Dead, default));
    }

    [Theory]
    [InlineData(StoreMode.AllOrNothing)]
    [InlineData(StoreMode.PerBlock)]
    public async Task Killed_at_any_instant_and_run_again_it_ends_the_same(StoreMode mode)
    {
        var undisturbed = await EndAfterKillAsync(mode, commit: int.MaxValue, default);
        Assert.Equal(["10.0.0.128/26 other 10.0.0.129", "10.0.1.0/26  "], undisturbed);
        for (var commit = 0; commit < 5; commit++)
        {
            Assert.Equal(undisturbed, await EndAfterKillAsync(mode, commit, StoreFault.FailBefore));
            Assert.Equal(undisturbed, await EndAfterKillAsync(mode, commit, StoreFault.FailAfter));
        }
    }

    [Fact]
    public async Task A_node_that_reports_while_it_works_stops_it()
    {
        await RegisterAsync();
        Put("10.0.0.0", Dead, [Of(Dead, "10.0.0.1")]);
        Put("10.0.0.64", Dead, [Of(Dead, "10.0.0.65")]);
        var releaser = await ReleaserAsync();
        _beforeCommit = () =>
        {
            _time.Pass(_store.Nodes.RenewEvery);
            Assert.True(_store.Nodes.PutAsync(Entry with { Renewals = 8 }, "run", default).Result);
        };

        Assert.False(await ReleaseAsync(releaser));

        Assert.Equal((1, 1), (releaser.Released, releaser.BlocksChanged));
        Assert.Equal("10.0.0.65", Assert.Single(_store.Content.Leases).Address.ToString());
        Assert.NotNull(await _store.Nodes.FindAsync(Dead, default));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_node_that_reported_since_it_was_watched_loses_nothing(bool wasRegistered)
    {
        if (wasRegistered)
            await RegisterAsync();
        Put("10.0.0.0", Dead, [Of(Dead, "10.0.0.1")]);
        var releaser = await ReleaserAsync();
        Assert.True(await _store.Nodes.PutAsync(Entry with { Run = "another" }, wasRegistered ? "run" : null, default));

        Assert.False(await ReleaseAsync(releaser));

        Assert.Equal(0, releaser.BlocksChanged);
        Assert.Single(_store.Content.Leases);
    }

    [Fact]
    public async Task A_new_lease_of_the_node_stops_it_too()
    {
        Put("10.0.0.0", Dead, [Of(Dead, "10.0.0.1")]);
        _beforeCommit = () => Change("10.0.0.0", static block => block.Take(Of(Dead, "10.0.0.2", 20)));

        Assert.False(await ReleaseAsync(await ReleaserAsync()));

        Assert.Equal(2, _store.Content.Leases.Length);
    }

    [Fact]
    public async Task The_entry_of_a_node_that_stopped_is_forgotten_too()
    {
        var stopped = Entry with { Run = "" };
        Assert.True(await _store.Nodes.PutAsync(stopped, null, default));
        Put("10.0.0.0", Dead, [Of(Dead, "10.0.0.1")]);

        Assert.True(await ReleaseAsync(await ReleaserAsync()));

        Assert.Empty(_store.Content.Leases);
        Assert.Empty(await _store.Nodes.ListAsync(default));
    }

    [Fact]
    public async Task A_damaged_block_is_named_and_the_others_are_worked_on()
    {
        Put("10.0.0.0", Dead, [Of(Dead, "10.0.0.1")]);
        Put("10.0.0.64", Dead, [Of(Dead, "10.0.0.65")]);
        _store.Damaged.Add(IdOf("10.0.0.0"));

        var releaser = await ReleaserAsync();
        Assert.True(await ReleaseAsync(releaser));

        Assert.Equal((1, IdOf("10.0.0.0")), (releaser.Released, Assert.Single(releaser.Damaged).Id));
    }

    /// <summary>What is left after a run that ended in a fault at one of its commits, and a second one.</summary>
    private static async Task<List<string>> EndAfterKillAsync(StoreMode mode, int commit, StoreFault fault)
    {
        await using var test = new NodeReleaserTests(new InMemoryStore(mode) { IsSharedByNodes = true });
        await test.RegisterAsync();
        test.Put("10.0.0.0", Dead, [Of(Dead, "10.0.0.1", 3), Of(Dead, "10.0.0.2", 4)]);
        test.Put("10.0.0.64", Dead, []);
        test.Put("10.0.0.128", "other", [Of("other", "10.0.0.129", 5), Of(Dead, "10.0.0.130", 6)]);
        test.Put("10.0.1.0", Dead, [Of(Dead, "10.0.1.1", 9)]);
        test.Put("10.0.1.64", Dead, [Of(Dead, "10.0.1.65", 7)]);
        var commits = 0;
        test._store.Fault = action => action == StoreAction.Commit && commits++ == commit ? fault : StoreFault.None;

        var first = test.ReleaseAsync(await test.ReleaserAsync());
        if (commit == int.MaxValue)
            Assert.True(await first);
        else
            await Assert.ThrowsAsync<StoreException>(() => first);
        Assert.True(await test.ReleaseAsync(await test.ReleaserAsync()));

        Assert.Null(await test._store.Nodes.FindAsync(Dead, default));
        Assert.Empty(test._store.Content.Violations);
        return [.. test._store.Content.Blocks.Select(static block => $"{block.Id.Prefix} {block.Node} {string.Join(' ', block.Leases.Select(static lease => lease.Address))}")];
    }

    private NodeReleaserTests(InMemoryStore store) => _store = store;

    private async Task RegisterAsync() => Assert.True(await _store.Nodes.PutAsync(Entry, null, default));

    private async Task<NodeReleaser> ReleaserAsync() => new(
        _store, await NodeWatch.BeginAsync(_store.Nodes, _time, Dead, default),
        (await NodeHoldings.ReadAsync(_store, Dead, default)).Places, _time, new Random(1));

    private async Task<bool> ReleaseAsync(NodeReleaser releaser)
    {
        var ended = await releaser.ReleaseAsync(Reason, static () => { }, default);
        Assert.Empty(_store.Content.Violations);
        return ended;
    }

    private static Lease Of(string node, string address, long sequence = 1) =>
        Some.Lease(address, $"of {address}", sequence) with { Node = node };

    private static BlockId IdOf(string address) => BlockId.Of(Some.Space, Address.Parse(address));

    private void Put(string address, string? node, Lease[] leases)
    {
        var last = leases.MaxBy(static lease => lease.Sequence);
        Commit(new BlockChange(
            new Block(IdOf(address), leases)
            {
                Node = node,
                LastSequence = last?.Sequence ?? 0,
                LastOffset = last is null ? -1 : BlockId.OffsetOf(last.Address),
            }, leases, []));
    }

    private void Change(string address, Func<Block, Block> change)
    {
        var before = _store.Content.Find(IdOf(address))!;
        var after = change(before);
        Commit(new BlockChange(
            after, [.. after.Leases.Except(before.Leases)],
            [.. before.Leases.Except(after.Leases).Select(static lease => new EndedLease(lease, new ReleaseReason(ReleaseCause.Del, "other")))]));
    }

    private void Commit(BlockChange change) => Assert.Equal(CommitStatus.Committed, _store.Content.Commit([change])[0].Status);
}
