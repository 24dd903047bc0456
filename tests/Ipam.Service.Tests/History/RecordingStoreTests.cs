using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.History;
using Ipam.Core.Stores;
using Ipam.Service.History;
using Ipam.Service.Tests.Support;
using Ipam.Stores.Sqlite;
using Ipam.Stores.Sqlite.History;

namespace Ipam.Service.Tests.History;

/// <summary>What a node notes itself, where the store keeps no history.</summary>
public sealed class RecordingStoreTests : IDisposable
{
    private static readonly BlockId Id = BlockId.Of("default", Address.Parse("10.0.0.0"));

    private readonly TempFolder _folder = new();
    private readonly LogLines _log = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_committed_is_noted_where_it_was_placed_and_what_was_not_is_not()
    {
        using var history = new NodeHistory(_folder.Combine("history.db"), HistoryBounds.Usual, TimeProvider.System);
        await using var store = await OpenAsync(history);
        var (first, second) = (LeaseOf(1), LeaseOf(1) with { Owner = new Owner("pods", "b", "eth0") });
        await store.CommitAsync([Take(new Block(Id, []), first)], default);
        var results = await store.CommitAsync([Take(new Block(Id, []), second) with { Elsewhere = ulong.MaxValue }], default);
        await store.CommitAsync([Take(new Block(Id, []), LeaseOf(3))], default);

        var placed = Assert.Single(results[0].Current).Leases.Single(lease => lease.Owner == second.Owner);
        Assert.Equal([placed, first], (await EventsAsync(history)).Select(static one => one.Lease));
        await history.TidyAsync(default);
        using var reopened = new NodeHistory(_folder.Combine("history.db"), HistoryBounds.Usual, TimeProvider.System);
        Assert.Equal([placed, first], (await EventsAsync(reopened)).Select(static one => one.Lease));
        Assert.Empty(_log.Written);
    }

    [Fact]
    public async Task A_history_that_cannot_be_written_holds_nothing_up_and_is_told_of_once()
    {
        Directory.CreateDirectory(_folder.Combine("history.db"));
        using var history = new NodeHistory(_folder.Combine("history.db"), HistoryBounds.Usual, TimeProvider.System);
        await using var store = await OpenAsync(history);
        var block = new Block(Id, []);
        for (var i = 1; i <= 3; i++)
        {
            var result = Assert.Single(await store.CommitAsync([Take(block, LeaseOf(i))], default));
            Assert.Equal(CommitStatus.Committed, result.Status);
            block = block.Take(LeaseOf(i)) with { Version = result.Version };
        }

        Assert.Contains($"{_folder.Combine("history.db")}: the file can't be created", Assert.Single(_log.Written), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_written_although_the_answer_was_lost_is_noted_as_soon_as_a_look_shows_it_and_once(bool hasWritten)
    {
        using var history = new NodeHistory(_folder.Combine("history.db"), HistoryBounds.Usual, TimeProvider.System);
        var inner = await OpenInnerAsync();
        await using var store = new RecordingStore(inner, history, TimeProvider.System, _log);
        var first = await CommitAsync(Take(new Block(Id, []), LeaseOf(1)));
        if (hasWritten)
            inner.Committed = static () => throw new StoreException("the answer is lost");
        else
            inner.BreakCommits("the request is lost");
        await Assert.ThrowsAsync<StoreException>(() => store.CommitAsync([new BlockChange(first.Release(LeaseOf(1), Now).Take(LeaseOf(2)), [LeaseOf(2)], [End(1)])], default));
        Assert.Equal(["begin 1"], await SaidAsync(history));
        inner.Committed = null;
        inner.Mend();

        var current = Assert.Single(await store.ReadBlocksAsync([Id], default));
        string[] expected = hasWritten ? ["begin 1", "begin 2", "end 1"] : ["begin 1"];
        Assert.Equal(expected, await SaidAsync(history));
        // A change that can't be written any more has no events either, whatever others did since.
        await CommitAsync(Take(current, LeaseOf(3)));
        var blocks = 0;
        await foreach (var page in store.ListBlocksAsync(BlockFilter.All, default))
            blocks += page.Count;
        Assert.Equal(1, blocks);
        Assert.Equal([.. expected, "begin 3"], (await SaidAsync(history)).OrderBy(static said => said.EndsWith('3')));

        async Task<Block> CommitAsync(BlockChange change) =>
            change.Block with { Version = Assert.Single(await store.CommitAsync([change], default)).Version };
    }

    [Fact]
    public async Task What_ended_is_over_when_it_was_asked_for_and_what_began_begins_when_it_is_confirmed()
    {
        var time = new ManualTimeProvider(Now);
        using var history = new NodeHistory(_folder.Combine("history.db"), HistoryBounds.Usual, time);
        var inner = await OpenInnerAsync();
        await using var store = new RecordingStore(inner, history, time, _log);
        var block = new Block(Id, []).Take(LeaseOf(1));
        var version = Assert.Single(await store.CommitAsync([new BlockChange(block, [LeaseOf(1)], [])], default)).Version;
        inner.Committed = () => time.Advance(TimeSpan.FromSeconds(5));
        await store.CommitAsync([new BlockChange((block with { Version = version }).Release(LeaseOf(1), Now).Take(LeaseOf(2)), [LeaseOf(2)], [End(1)])], default);

        var events = await EventsAsync(history);
        Assert.Equal([Now, Now], events.Where(static one => one.Lease.Sequence == 1).Select(static one => one.At));
        Assert.Equal(Now.AddSeconds(5), Assert.Single(events, static one => one.Lease.Sequence == 2).At);
    }

    [Fact]
    public void An_end_that_others_left_in_a_block_is_new_once()
    {
        var noted = new NotedEnds();
        var block = new Block(Id, []).LeaveToNote([End(1)], Now);
        Assert.Equal([End(1)], noted.NewIn(block).Select(static end => end.Ended));
        Assert.Empty(noted.NewIn(block));
        Assert.Equal([End(2), End(3)], noted.NewIn(block.LeaveToNote([End(2), End(3)], Now)).Select(static end => end.Ended));

        // This node has written the block.
        Assert.Empty(noted.NewIn(new Block(Id, [])));
        Assert.Equal([End(4)], noted.NewIn(new Block(Id, []).LeaveToNote([End(4)], Now)).Select(static end => end.Ended));
    }

    private static DateTimeOffset Now { get; } = DateTimeOffset.UnixEpoch.AddDays(20_001);

    private static EndedLease End(int offset) => new(LeaseOf(offset), new ReleaseReason(ReleaseCause.Del, "node-a"));

    private static async Task<string[]> SaidAsync(NodeHistory history) =>
        [.. (await EventsAsync(history)).Select(static one => $"{(one.Ended is null ? "begin" : "end")} {one.Lease.Sequence}").Order(StringComparer.Ordinal)];

    private async Task<FaultyStore> OpenInnerAsync()
    {
        var inner = new SqliteStore(_folder.Combine("ipam.db"), new SqliteStoreOptions { History = HistoryBounds.Off });
        await inner.OpenAsync(default);
        return new FaultyStore(inner);
    }

    private async Task<RecordingStore> OpenAsync(NodeHistory history)
    {
        var inner = new SqliteStore(_folder.Combine("ipam.db"), new SqliteStoreOptions { History = HistoryBounds.Off });
        await inner.OpenAsync(default);
        return new RecordingStore(inner, history, TimeProvider.System, _log);
    }

    private static async Task<List<LeaseEvent>> EventsAsync(NodeHistory history) =>
        [.. (await history.FindAsync(new HistoryQuestion(), default)).OrderBy(static one => one.Lease.Address)];

    private static BlockChange Take(Block block, Lease lease) => new(block.Take(lease), [lease], []);

    private static Lease LeaseOf(int offset) => new()
    {
        Space = "default",
        Address = Id.AddressAt(offset),
        Owner = new Owner("pods", $"container-{offset}", "eth0"),
        Entry = 0,
        Sequence = offset,
        Node = "node-a",
        AcquiredAt = DateTimeOffset.UnixEpoch.AddDays(20_000),
    };
}
