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
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

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
        await asked.WaitAsync(Patience);
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
        await SettleAsync(asked);
        await asked;
    }

    [Fact]
    public async Task Who_knows_nothing_newer_than_the_older_copy_hears_from_those_who_do_before_it_hands_anything_out()
    {
        await using var node = await GuardedNode.StartAsync(_store, _time, "a");
        await node.AddAsync("c1");
        _store.Pasts.Interruptions++;
        var asked = node.AddAsync("c2");
        // Behind this, the wait has begun.
        await node.Node.DeleteAsync("c3");
        await node.TurnAsync();
        Assert.Null(node.Node.Allocator.Obstacle);

        await _store.Past.RenewAsync(_store.Pasts.Current.Identity, default);
        await SettleAsync(asked);
        var fault = await Assert.ThrowsAsync<StoreException>(() => asked);
        Assert.True(fault.IsLoss, fault.Message);
        Assert.Single(_store.Content.Leases);
    }

    [Fact]
    public async Task Who_knows_more_notices_at_its_next_turn()
    {
        await using var node = await GuardedNode.StartAsync(_store, _time, "a");
        await node.TurnAsync();
        _store.Pasts.Current = _store.Pasts.Current with { Revision = StorePast.WentBack };
        await node.TurnAsync();
        Assert.Empty(node.Told);

        _store.Pasts.Interruptions++;
        await node.TurnAsync();
        Assert.Contains(StoreException.SetBack, node.Told[0], StringComparison.Ordinal);
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
        await SettleAsync(asked);
        var fault = await Assert.ThrowsAsync<StoreException>(() => asked);
        Assert.True(fault.IsLoss, fault.Message);
        Assert.NotNull(node.Allocator.Obstacle);
    }

    [Fact]
    public async Task Nobody_waits_for_a_store_that_is_still_away()
    {
        await using var node = await TestNode.StartAsync(_store, _time);
        await node.AddAsync("a", "10.0.0.0/24");
        _store.Pasts.Fault = new StoreException("injected: away");
        _store.Pasts.Interruptions++;

        Assert.Equal("injected: away", (await Assert.ThrowsAsync<StoreException>(() => node.AddAsync("b", "10.0.0.0/24"))).Message);

        _store.Pasts.Fault = null;
        var asked = node.AddAsync("b", "10.0.0.0/24");
        await node.DeleteAsync("a");
        await SettleAsync(asked);
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
        // What became of that commit is read first. A look at what others have may be under way as well.
        var reads = 0;
        _store.AfterRead = () =>
        {
            _store.AfterRead = null;
            if (Interlocked.Increment(ref reads) == 1)
                _store.Pasts.Interruptions++;
            return Task.CompletedTask;
        };

        var asked = node.AddAsync("c", "10.0.0.0/24");
        await node.DeleteAsync("a");
        Assert.Equal(1L, _store.Pasts.Interruptions);
        Assert.False(asked.IsCompleted);
        await SettleAsync(asked);
        await asked;
    }

    /// <summary>Lets time pass until it is answered.</summary>
    private Task SettleAsync(Task asked) => Wait.UntilAsync(
        () =>
        {
            _time.Advance(Settled);
            return asked.IsCompleted;
        },
        "an answer");
}
