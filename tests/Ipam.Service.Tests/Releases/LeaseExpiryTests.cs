using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Service.Releases;
using Ipam.Stores.Sqlite;

namespace Ipam.Service.Tests.Releases;

/// <summary>Address conflicts end when their time is over, by the ipamd that found them, or else by another one.</summary>
public sealed class LeaseExpiryTests : IAsyncLifetime, IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly TempFolder _folder = new();
    private readonly ManualTimeProvider _time = new(Now);
    private readonly SqliteStore _store;
    private readonly Allocator _allocator;
    private readonly LeaseExpiry _expiry;

    public LeaseExpiryTests()
    {
        _store = new SqliteStore(_folder.Combine("ipam.db"));
        _allocator = new Allocator(_store, new AllocatorOptions { Node = "here" }, _time, new Random(1));
        _expiry = new LeaseExpiry(_allocator, _store, static lease => lease.Node == "here", _time, new Random(1));
    }

    public async Task InitializeAsync()
    {
        await _store.OpenAsync(default);
        var (ours, others) = (Conflict("10.1.0.1", "here", 1), Conflict("10.1.0.2", "elsewhere", 2));
        var container = ours with { Address = Address.Parse("10.1.0.3"), Owner = new Owner("net", "c1", "eth0"), Sequence = 3 };
        var block = new Block(BlockId.Of("default", ours.Address), [ours, others, container]) { LastSequence = 3 };
        Assert.Equal(CommitStatus.Committed, (await _store.CommitAsync([new BlockChange(block, [.. block.Leases], [])], default))[0].Status);
        await _allocator.StartAsync(default);
    }

    public async Task DisposeAsync()
    {
        await _allocator.DisposeAsync();
        await _store.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Ones_own_end_at_once_and_those_of_an_ipamd_that_never_came_back_later()
    {
        Assert.Equal(["10.1.0.1", "10.1.0.2", "10.1.0.3"], await AfterAsync(Lease.ConflictLasts - TimeSpan.FromSeconds(1)));
        Assert.Equal(["10.1.0.2", "10.1.0.3"], await AfterAsync(TimeSpan.FromSeconds(31)));
        Assert.Equal(["10.1.0.2", "10.1.0.3"], await AfterAsync(Lease.ConflictLasts - TimeSpan.FromSeconds(31)));
        Assert.Equal(["10.1.0.3"], await AfterAsync(Lease.ConflictLasts + TimeSpan.FromSeconds(31)));
        Assert.Equal(["10.1.0.3"], await AfterAsync(TimeSpan.FromDays(1)));
    }

    private static Lease Conflict(string address, string node, long sequence) => new()
    {
        Space = "default",
        Address = Address.Parse(address),
        Owner = Owner.Conflict("net", "02:00:00:00:00:09", "default", Address.Parse(address)),
        Entry = 0,
        Sequence = sequence,
        Node = node,
        AcquiredAt = Now,
    };

    /// <summary>The addresses that are held when so much time has passed.</summary>
    private async Task<string[]> AfterAsync(TimeSpan time)
    {
        _time.Advance(time);
        await _expiry.TurnAsync(default);
        return [.. (await _store.ReadBlocksAsync([BlockId.Of("default", Address.Parse("10.1.0.1"))], default))[0].Leases.Select(static lease => lease.Address.ToString())];
    }
}
