using Ipam.Core.Addresses;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.History;
using Ipam.Core.Stores;

namespace Ipam.Stores.Tests.Contract;

/// <summary>Which leases there were: an event is written with the commit that it is of, or not at all.</summary>
public abstract partial class AllOrNothingPerSpaceStoreContract
{
    private static readonly ReleaseReason Evident = new(ReleaseCause.Reconciliation, "node-b", "the namespace '/run/netns/ä b' is gone");

    private ILeaseHistory History => Store.History!;

    [Fact]
    public async Task Each_lease_that_begins_or_ends_is_told_with_its_reason()
    {
        Lease[] leases =
        [
            Some.Lease("10.0.0.1"),
            Some.Lease("10.0.0.2") with { Pod = null, Node = "", Entry = 7 },
            Some.Lease("10.0.0.3", new Owner("pods", new string('A', 64), "eth0")) with { Pod = new PodReference("", "", "") },
            Some.Lease("10.0.0.4", new Owner("nétz", "6BA7B810-9dad-11d1-80b4-00c04fd430c8", "")) with { AcquiredAt = DateTimeOffset.MaxValue },
            Some.Lease("10.0.0.5", new Owner("pods", "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "eth0")) with { Sequence = (1L << 53) - 1 },
        ];
        var start = DateTimeOffset.UtcNow.AddSeconds(-1);
        var imported = new BeginReason(BeginCause.Import, "ann@admin-1");
        var block = await MustCommitAsync(Change.Give(Some.NoBlock(), leases) with { Origin = imported });
        var change = Change.Release(block, leases);
        await MustCommitAsync(change with { Ended = [.. change.Ended.Select(static ended => ended with { Reason = Evident })] });

        foreach (var lease in leases)
        {
            var events = await OfAsync(lease.Address);
            Assert.Equal([LeaseEvent.Kept(lease), LeaseEvent.Kept(lease)], events.Select(static one => one.Lease));
            Assert.Equal((imported, null), (events[0].Began, events[0].Ended));
            Assert.Equal((null, Evident), (events[1].Began, events[1].Ended));
            Assert.All(events, one => Assert.InRange(one.At, start, DateTimeOffset.UtcNow.AddMinutes(1)));
        }
    }

    [Fact]
    public async Task What_a_lease_tells_of_its_begin_need_not_be_said()
    {
        var (first, outside, onWire) = (Some.Lease("10.0.0.1"), Some.Lease("10.0.0.2", new Owner("static:lan", "printer", "default/10.0.0.2")), Some.Lease("10.0.0.3", new Owner("conflict:lan", "02:00:00:00:00:01", "")));
        var block = await MustCommitAsync(Change.Give(Some.NoBlock(), first, outside, onWire));
        var renewed = Some.Lease("10.0.0.1", first.Owner);
        block = await MustCommitAsync(Replace(block, first, renewed));
        await MustCommitAsync(Replace(block, renewed, Some.Lease("10.0.0.1")));

        Assert.Equal(
            [BeginCause.Add, BeginCause.Renewed, BeginCause.Moved],
            (await OfAsync(first.Address)).Where(static one => one.Began is not null).Select(static one => one.Began!.Value.Cause));
        Assert.Equal(BeginCause.Static, Assert.Single(await OfAsync(outside.Address)).Began!.Value.Cause);
        Assert.Equal(BeginCause.Conflict, Assert.Single(await OfAsync(onWire.Address)).Began!.Value.Cause);

        static BlockChange Replace(Block block, Lease old, Lease next)
        {
            var change = Change.Of(block, [next], [old]);
            return change with { Ended = [new EndedLease(old, new ReleaseReason(ReleaseCause.Replaced, old.Node))] };
        }
    }

    [Fact]
    public async Task A_commit_that_writes_nothing_tells_nothing()
    {
        var old = await MustCommitAsync(Change.Give(Some.NoBlock()));
        await MustCommitAsync(Change.Give(old, Some.Lease("10.0.0.1")));
        var (late, beside) = (Some.Lease("10.0.0.2"), Some.Lease("10.0.1.1"));

        var results = await CommitAsync(Change.Give(old, late), Change.Give(Some.NoBlock("10.0.1.0"), beside));

        Assert.DoesNotContain(results, static result => result.Status == CommitStatus.Committed);
        Assert.Empty(await OfAsync(late.Address));
        Assert.Empty(await OfAsync(beside.Address));
    }

    [Fact]
    public async Task A_lease_that_was_placed_elsewhere_is_told_where_it_is()
    {
        var block = await MustCommitAsync(Change.Give(Some.NoBlock()));
        await MustCommitAsync(Change.Give(block, Some.Lease("10.0.0.1")));
        var placed = Some.Lease("10.0.0.1");

        var result = Assert.Single(await CommitAsync(Change.Give(block, placed) with { Elsewhere = ulong.MaxValue }));

        var lease = Assert.Single(result.Current).Leases.Single(lease => lease.Owner == placed.Owner);
        Assert.NotEqual(placed.Address, lease.Address);
        Assert.Equal(LeaseEvent.Kept(lease), Assert.Single(await OfAsync(lease.Address)).Lease);
    }

    [Fact]
    public async Task What_was_is_found_by_pod_node_and_container_in_one_space_or_all_and_is_the_same_after_tidying()
    {
        var (one, two) = (Some.Lease("10.0.0.1"), Some.Lease("10.0.0.1", space: "red") with { Node = "node-b", Pod = new PodReference("shop", "web-1", "") });
        var six = Some.Lease("fd00::1") with { Node = "node-b", Pod = null };
        await CommitAsync(Change.Give(Some.NoBlock(), one), Change.Give(Some.NoBlock(space: "red"), two), Change.Give(Some.NoBlock("fd00::"), six));

        for (var turn = 0; turn < 2; turn++)
        {
            await FindsAsync(new HistoryQuestion { Address = one.Address }, one, two);
            await FindsAsync(new HistoryQuestion { Address = one.Address, Space = "red" }, two);
            await FindsAsync(new HistoryQuestion { Holder = "node-b" }, six, two);
            await FindsAsync(new HistoryQuestion { Holder = "shop/web-1" }, two);
            await FindsAsync(new HistoryQuestion { Holder = "web-0" }, one);
            await FindsAsync(new HistoryQuestion { Holder = six.Owner.ContainerId[..7] }, six);
            await FindsAsync(new HistoryQuestion { Holder = "node-c" });
            await History.TidyAsync(default);
        }

        async Task FindsAsync(HistoryQuestion question, params Lease[] expected) => Assert.Equal(
            expected.Select(LeaseEvent.Kept),
            (await new HistorySearch(Store, History).FindAsync(question, default)).Select(static story => story.Lease));
    }

    [Fact]
    public async Task Of_many_who_take_and_release_one_address_the_stories_have_no_overlap_and_no_gap()
    {
        var address = Address.Parse("10.0.0.9");
        var committed = new System.Collections.Concurrent.ConcurrentBag<(long Sequence, bool IsEnd)>();
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AnotherClientAsync()));
        var takers = stores.Select((store, number) => Task.Run(() => TakeAndReleaseAsync(store, address, number, 25, committed))).ToList();
        while (!takers.TrueForAll(static taker => taker.IsCompleted))
        {
            await History.TidyAsync(default);
            await Task.Delay(20);
        }
        await Task.WhenAll(takers);

        var stories = await new HistorySearch(Store, History).FindAsync(new HistoryQuestion { Address = address }, default);
        Assert.Equal(
            committed.Order(),
            stories.SelectMany(static story => new[] { (story.Lease.Sequence, false), (story.Lease.Sequence, true) }).Order());
        Assert.All(stories, static story => Assert.Equal((BeginCause.Add, ReleaseCause.Del), (story.Began!.Value.Cause, story.Ended!.Cause)));
        Assert.All(stories.Zip(stories.Skip(1)), static pair => Assert.True(pair.First.EndedAt <= pair.Second.BeganAt));
    }

    private static async Task TakeAndReleaseAsync(
        IIpamStore store, Address address, int number, int times, System.Collections.Concurrent.ConcurrentBag<(long Sequence, bool IsEnd)> committed)
    {
        var owner = new Owner("pods", $"container-{number}", "eth0");
        for (var left = times; left > 0;)
        {
            var block = (await store.ReadBlocksAsync([BlockId.Of("default", address)], default)).SingleOrDefault() ?? Some.NoBlock();
            var held = block.LeaseOf(address);
            if (held is not null && held.Owner != owner)
                continue;
            var next = Some.Lease(address, owner) with { Node = $"node-{number}", Sequence = block.LastSequence + 1 };
            var change = held is null ? Change.Give(block, next) : Change.Release(block, held);
            if ((await store.CommitAsync([change], default))[0].Status != CommitStatus.Committed)
                continue;
            committed.Add(((held ?? next).Sequence, held is not null));
            left -= held is null ? 0 : 1;
        }
    }

    private async Task<List<LeaseEvent>> OfAsync(Address address) =>
        [.. (await History.FindAsync(new HistoryQuestion { Address = address }, default)).OrderBy(static one => one.Lease.Sequence).ThenBy(static one => one.Ended is not null)];
}
