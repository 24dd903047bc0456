using Ipam.Core.Allocation;
using Ipam.Core.Stores;
using Ipam.Core.Tests.Recovery;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Allocation;

/// <summary>The store was away, and may be an older copy of itself now.</summary>
public sealed class SettlingTests : IAsyncDisposable
{
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(3);

    private readonly InMemoryStore _store = new(StoreMode.PerBlock) { IsSharedByNodes = true };
    private readonly ManualTimeProvider _time = new(Some.Instant);

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task After_an_interruption_nothing_is_handed_out_for_a_while_and_releases_go_on()
    {
        await using var node = await TestNode.StartAsync(_store, _time);
        await node.AddAsync("a", "10.0.0.0/24");
        _store.Pasts.Interruptions++;

        var asked = node.AddAsync("b", "10.0.0.0/24");
        Assert.Single(await node.DeleteAsync("a"));
        _time.Advance(Settled - TimeSpan.FromMilliseconds(1));
        Assert.Empty(await node.DeleteAsync("a"));
        Assert.False(asked.IsCompleted);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        await asked;
        await node.AddAsync("c", "10.0.0.0/24");
    }

    [Fact]
    public async Task Another_interruption_meanwhile_begins_the_wait_anew()
    {
        await using var node = await TestNode.StartAsync(_store, _time);
        await node.AddAsync("a", "10.0.0.0/24");
        _store.Pasts.Interruptions++;
        var asked = node.AddAsync("b", "10.0.0.0/24");
        await node.DeleteAsync("a");
        _store.Pasts.Interruptions++;

        _time.Advance(Settled);
        await Task.Delay(200);
        Assert.False(asked.IsCompleted);
        _time.Advance(Settled);
        await asked;
    }

    [Fact]
    public async Task Who_knows_nothing_newer_than_the_older_copy_hears_from_those_who_do_before_it_hands_anything_out()
    {
        await using var behind = await GuardedNode.StartAsync(_store, _time, "a");
        await using var ahead = await GuardedNode.StartAsync(_store, _time, "b");
        await behind.AddAsync("c1");
        _store.Pasts.Interruptions++;
        var asked = behind.AddAsync("c2");
        await behind.TurnAsync();
        Assert.Null(behind.Node.Allocator.Obstacle);

        // The one finds that the store is behind what it knows, the other doesn't.
        _store.Pasts.Current = _store.Pasts.Current with { Revision = StorePast.WentBack };
        await ahead.TurnAsync();
        Assert.NotNull(ahead.Node.Allocator.Obstacle);
        _time.Advance(Settled);
        var fault = await Assert.ThrowsAsync<StoreException>(() => asked);
        Assert.True(fault.IsLoss, fault.Message);
        Assert.Single(_store.Content.Leases);
    }

    [Fact]
    public async Task The_store_was_set_back_behind_what_the_node_knows_itself()
    {
        await using var node = await TestNode.StartAsync(_store, _time);
        await node.AddAsync("a", "10.0.0.0/24");
        _store.Pasts.Interruptions++;
        _store.Pasts.Current = _store.Pasts.Current with { Revision = StorePast.WentBack };

        var asked = node.AddAsync("b", "10.0.0.0/24");
        await node.DeleteAsync("c");
        _time.Advance(Settled);
        var fault = await Assert.ThrowsAsync<StoreException>(() => asked);
        Assert.True(fault.IsLoss, fault.Message);
        Assert.NotNull(node.Allocator.Obstacle);
    }

    [Fact]
    public async Task Nobody_waits_for_a_store_that_is_still_away()
    {
        await using var node = await TestNode.StartAsync(_store, _time);
        await node.AddAsync("a", "10.0.0.0/24");
        _store.Pasts.Interruptions++;
        _store.Pasts.Fault = new StoreException("injected: away");

        Assert.Equal("injected: away", (await Assert.ThrowsAsync<StoreException>(() => node.AddAsync("b", "10.0.0.0/24"))).Message);

        _store.Pasts.Fault = null;
        var asked = node.AddAsync("b", "10.0.0.0/24");
        await node.DeleteAsync("a");
        _time.Advance(Settled);
        await asked;
    }

    [Fact]
    public async Task An_interruption_that_is_noticed_just_before_a_commit_counts_as_well()
    {
        await using var node = await TestNode.StartAsync(_store, _time);
        await node.AddAsync("a", "10.0.0.0/24");
        _store.Fault = static action => action == StoreAction.Commit ? StoreFault.FailAfter : StoreFault.None;
        await Assert.ThrowsAsync<StoreException>(() => node.AddAsync("b", "10.0.0.0/24"));
        _store.Fault = static _ => StoreFault.None;
        // What became of that commit is read first.
        _store.AfterRead = () =>
        {
            _store.AfterRead = null;
            _store.Pasts.Interruptions++;
            return Task.CompletedTask;
        };

        var asked = node.AddAsync("c", "10.0.0.0/24");
        await node.DeleteAsync("a");
        Assert.Equal(1L, _store.Pasts.Interruptions);
        Assert.False(asked.IsCompleted);
        _time.Advance(Settled);
        await asked;
    }
}
