using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Allocation.Faults;

/// <summary>Nodes over one store that fails, with workers on each, and another process that writes in between.</summary>
internal sealed class FaultGame : IAsyncDisposable
{
    /// <summary>The IPv4 range goes from 10.0.0.0 to here: two blocks and a bit.</summary>
    public const int LastOctet = 140;

    private readonly ManualTimeProvider _time = new(Some.Instant) { AutoAdvanceAmount = TimeSpan.FromMicroseconds(1) };
    private readonly AnswerBook _book = new();
    private readonly InMemoryStore _store;
    private readonly Meddler _meddler;
    private readonly Random _random;
    private readonly List<Allocator> _nodes = [];
    private readonly List<Worker> _workers = [];

    private readonly int? _maxBatch;

    /// <param name="mode">How the store commits.</param>
    /// <param name="nodes">How many nodes there are.</param>
    /// <param name="workersPerNode">How many requests a node has at a time.</param>
    /// <param name="seed">Decides about everything but the interleaving of threads.</param>
    /// <param name="maxBatch">How many requests share a commit; null for any number.</param>
    public FaultGame(StoreMode mode, int nodes, int workersPerNode, int seed, int? maxBatch = null)
    {
        _maxBatch = maxBatch;
        _book.Note($"store {mode}, {nodes} nodes with {workersPerNode} workers, seed {seed}");
        _random = new Random(seed);
        // Like Kubernetes, a store that writes block by block has no index of owners.
        _store = new InMemoryStore(mode, seed) { HasOwnerIndex = mode == StoreMode.AllOrNothing };
        _meddler = new Meddler(_store, seed);
        _store.Meddle = _meddler.Meddle;
        for (var node = 0; node < nodes; node++)
        {
            var number = node;
            _nodes.Add(NewNode(number));
            for (var worker = 0; worker < workersPerNode; worker++)
                _workers.Add(new Worker($"{node}.{worker}", () => _nodes[number], request => AsNode(request, number), _store, _book, new Random(_random.Next())));
        }
    }

    public int Failures => _book.Failures;

    /// <summary>How addresses are chosen.</summary>
    public AllocationPolicy Policy { get; init; } = new();

    /// <summary>The fault of every call, but for the start's.</summary>
    public Func<StoreAction, StoreFault> Faults { get; set; } = static _ => StoreFault.None;

    public async Task PlayAsync(int steps)
    {
        foreach (var node in _nodes)
            await node.StartAsync(default);
        _store.Fault = Faults;
        await Task.WhenAll(_workers.Select(worker => Task.Run(() => worker.RunAsync(steps))));
        _store.Fault = static _ => StoreFault.None;
    }

    /// <summary>Stops all nodes and starts them anew; what is on its way to the store lands before.</summary>
    public async Task RestartAsync()
    {
        for (var i = 0; i < _nodes.Count; i++)
        {
            await _nodes[i].DisposeAsync();
            _store.LandAll();
            _nodes[i] = NewNode(i);
        }
    }

    /// <summary>The faults are over: what may be left to a release is released.</summary>
    public async Task ReleaseWhatNeedsItAsync()
    {
        foreach (var worker in _workers)
        {
            if (worker.NeedsRelease)
                await worker.ReleaseAsync();
        }
    }

    public async Task MaintainAsync()
    {
        foreach (var node in _nodes)
            await node.MaintainAsync(default);
    }

    public void LandAll() => _store.LandAll();

    /// <summary>The store holds what was answered and not released, what the other process took, and nothing else.</summary>
    public void AssertNothingIsLostOrLeft()
    {
        if (_store.Content.Violations is { Count: > 0 } violations)
            _book.Fail(string.Join('\n', violations));
        var stored = _store.Content.Leases.Where(static lease => !lease.Owner.IsConflict).ToHashSet();
        var expected = _book.Told.Concat(_meddler.Mine).ToHashSet();
        foreach (var lease in expected.Except(stored))
            _book.Fail($"lost: {lease.Address} of {lease.Owner}");
        foreach (var lease in stored.Except(expected))
            _book.Fail($"left: {lease.Address} of {lease.Owner}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
    }

    private static string Name(int node) => $"node{node}";

    private AllocationRequest AsNode(AllocationRequest request, int node) => request.Under(Policy) with { Node = Name(node) };

    private Allocator NewNode(int number)
    {
        var maxBatch = _maxBatch ?? _random.Next(3) switch { 0 => 1, 1 => 4, _ => 512 };
        return new Allocator(_store, new AllocatorOptions { Node = Name(number), MaxBatch = maxBatch }, _time, new Random(_random.Next()));
    }
}
