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

    private async Task<RecordingStore> OpenAsync(NodeHistory history)
    {
        var inner = new SqliteStore(_folder.Combine("ipam.db"), new SqliteStoreOptions { History = HistoryBounds.Off });
        await inner.OpenAsync(default);
        return new RecordingStore(inner, history, _log);
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
