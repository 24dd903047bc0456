using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Administration;

public sealed class DriftSearchTests : IAsyncDisposable
{
    private readonly InMemoryStore _store = new(StoreMode.PerBlock);

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task An_owner_with_two_leases_for_one_entry_is_found_and_one_with_two_entries_is_not()
    {
        Give(Some.Lease("10.0.0.1", "twice"));
        Give(Some.Lease("10.0.1.1", "twice", 2));
        Give(Some.Lease("10.0.2.1", "dual"));
        Give(Some.Lease("fd00::1", "dual", 3, entry: 1));

        var drift = Assert.Single(await new DriftSearch(_store).FindAsync(default));
        Assert.Equal((DriftKind.OwnerTwice, "10.0.1.1"), (drift.Kind, drift.Lease!.Address.ToString()));
        Assert.Equal("its owner holds 10.0.0.1 in space default for the same entry 0 of its request", drift.Reason);
    }

    [Fact]
    public async Task An_address_with_two_owners_is_found()
    {
        Give(Some.Lease("10.0.0.1", "one"));
        _store.Stray.Add(Change(Some.Lease("10.0.0.1", "other", 7)).Block);

        var drift = Assert.Single(await new DriftSearch(_store).FindAsync(default));
        Assert.Equal(DriftKind.TwoOwners, drift.Kind);
        Assert.Equal("the address is held by net/other/eth0 and by net/one/eth0 with sequence 1", drift.Reason);
    }

    /// <summary>An address that an owner took while blocks were listed may be in two pages, each of its own moment.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_not_all_listings_show_is_no_drift(int listings)
    {
        Give(Some.Lease("10.0.0.1", "moved"));
        _store.Stray.Add(Change(Some.Lease("10.0.1.1", "moved", 2)).Block);
        var calls = 0;
        _store.Fault = _ =>
        {
            if (calls++ == listings)
                _store.Stray.Clear();
            return StoreFault.None;
        };

        Assert.Empty(await new DriftSearch(_store).FindAsync(default));
        Assert.Equal(listings + 1, calls);
    }

    [Fact]
    public void Of_a_lease_that_is_in_order_few_bytes_are_kept()
    {
        var leases = Enumerable.Range(0, 50_000).Select(static i => Some.Lease($"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}", $"the id of a container is a long word, and this is number {i}", i)).ToArray();
        var seen = new SeenLeases();
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var lease in leases)
            seen.Look(lease);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.False(seen.HasDoubts);
        // What sets that grow leave behind on the way counts as well.
        Assert.InRange(allocated / leases.Length, 1, 120);
    }

    private void Give(Lease lease) => Assert.Equal(CommitStatus.Committed, _store.Content.Commit([Change(lease)])[0].Status);

    private static BlockChange Change(Lease lease) => new(new Block(BlockId.Of(lease.Space, lease.Address), []).Take(lease), [lease], []);
}
