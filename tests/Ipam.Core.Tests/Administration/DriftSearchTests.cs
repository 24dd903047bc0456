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
    [Fact]
    public async Task What_only_one_of_two_listings_shows_is_no_drift()
    {
        Give(Some.Lease("10.0.0.1", "moved"));
        _store.Stray.Add(Change(Some.Lease("10.0.1.1", "moved", 2)).Block);
        var calls = 0;
        _store.Fault = _ =>
        {
            if (calls++ == 1)
                _store.Stray.Clear();
            return StoreFault.None;
        };

        Assert.Empty(await new DriftSearch(_store).FindAsync(default));
        Assert.Equal(2, calls);
    }

    private void Give(Lease lease) => Assert.Equal(CommitStatus.Committed, _store.Content.Commit([Change(lease)])[0].Status);

    private static BlockChange Change(Lease lease) => new(new Block(BlockId.Of(lease.Space, lease.Address), []).Take(lease), [lease], []);
}
