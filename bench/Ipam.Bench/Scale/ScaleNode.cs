using System.Diagnostics;
using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Ledger;
using Ipam.Core.Pools;
using Ipam.Core.Recovery;
using Ipam.Core.Stores;
using Ipam.Stores;

namespace Ipam.Bench.Scale;

/// <summary>A node as ipamd has it, without its socket: an allocator, its guard and its upkeep, over a client of the store of its own.</summary>
internal sealed class ScaleNode : IStoreGuardObserver, IAsyncDisposable
{
    /// <summary>Every how many turns of a second memory is tidied, as ipamd does.</summary>
    private const int TidyTurns = 10;

    private static readonly AllocationRange Range = new AllocationRange(
        Prefix.Parse("10.0.0.0/8"), new AddressRange(Address.Parse("10.0.0.1"), Address.Parse("10.255.255.254")), null, [])
        .Under(new AllocationPolicy { Affinity = BlockAffinity.Node });

    private readonly string _name;
    private readonly IIpamStore _store;
    private readonly Allocator _allocator;
    private readonly StoreGuard _guard;
    private readonly CancellationTokenSource _end = new();
    private Task _upkeep = Task.CompletedTask;

    private ScaleNode(string name, IIpamStore store)
    {
        (_name, _store) = (name, store);
        _allocator = new Allocator(store, new AllocatorOptions { Node = name }, TimeProvider.System, Random.Shared);
        _guard = new StoreGuard(store, _allocator, new StoreGuardOptions { Node = name, Instance = name }, this, TimeProvider.System);
    }

    /// <summary>The store's pools.</summary>
    public IPoolStore Pools => _store.Pools;

    public static async Task<ScaleNode> StartAsync(string storeUrl, int number)
    {
        var node = new ScaleNode($"node-{number}", StoreFactory.Create(storeUrl, TimeProvider.System));
        await node._store.OpenAsync(default);
        await node._guard.StartAsync(null, NodeMemory.Nothing, static () => { }, default);
        await node._allocator.StartAsync(default);
        // As the first ADD from a pool does.
        await node._store.Pools.ReadRevisionAsync(default);
        node._upkeep = node.KeepUpAsync();
        return node;
    }

    /// <summary>An ADD; returns how long it took, or null if the store failed: the server may have more to do than it can in time.</summary>
    public async Task<TimeSpan?> AddAsync(string container)
    {
        var start = Stopwatch.GetTimestamp();
        var request = new AllocationRequest { Space = "default", Owner = new Owner("bench", container, "eth0"), Node = _name, Entries = [new AllocationEntry([Range])] };
        try
        {
            var outcome = await _allocator.AllocateAsync(request, default);
            return outcome is AllocationOutcome.Allocated ? Stopwatch.GetElapsedTime(start) : throw new InvalidOperationException($"{_name}: {outcome}");
        }
        catch (StoreException)
        {
            return null;
        }
    }

    public void Held(string reason) => throw new InvalidOperationException($"{_name}: {reason}");

    public void Asserted(ReassertionReport report)
    {
    }

    public void Resumed()
    {
    }

    public void Saw(StorePast past)
    {
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _upkeep;
        await _allocator.DisposeAsync();
        await _store.DisposeAsync();
        _end.Dispose();
    }

    private async Task KeepUpAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        for (var turn = 0; !_end.IsCancellationRequested; turn++)
        {
            try
            {
                await timer.WaitForNextTickAsync(_end.Token);
                await _guard.TurnAsync(_end.Token);
                if (turn % TidyTurns == 0)
                    await _allocator.TidyAsync(_end.Token);
            }
            catch (Exception e) when (e is StoreException or OperationCanceledException)
            {
                // The store has too much to do, and is asked again at the next turn; or the end has come.
            }
        }
    }
}
