using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Support;

/// <summary>An allocator at work over a store, as one node has it.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private TestNode(InMemoryStore store, ManualTimeProvider time, Allocator allocator, string name) =>
        (Store, Time, Allocator, Name) = (store, time, allocator, name);

    public string Name { get; }

    public InMemoryStore Store { get; }

    public ManualTimeProvider Time { get; }

    public Allocator Allocator { get; }

    /// <summary>Another process that writes to the same store.</summary>
    public OtherWriter Other => new(Store.Content);

    public static Task<TestNode> StartAsync(StoreMode mode, AllocatorOptions? options = null) =>
        StartAsync(new InMemoryStore(mode), new ManualTimeProvider(Some.Instant), options);

    public static async Task<TestNode> StartAsync(InMemoryStore store, ManualTimeProvider time, AllocatorOptions? options = null)
    {
        var node = Create(store, time, options ?? new AllocatorOptions());
        await node.Allocator.StartAsync(default);
        return node;
    }

    /// <summary>One that isn't started yet.</summary>
    public static TestNode Create(InMemoryStore store, ManualTimeProvider time, AllocatorOptions options) =>
        new(store, time, new Allocator(store, options, time, new Random(1)), options.Node);

    /// <summary>Stops, and starts anew over the same store.</summary>
    public async Task<TestNode> RestartAsync()
    {
        await DisposeAsync();
        return await StartAsync(Store, Time);
    }

    public Task<AllocationOutcome> AskAsync(string owner, params AllocationEntry[] entries) =>
        Allocator.AllocateAsync(Some.Request(owner, entries), default);

    /// <summary>Asks, and expects to get.</summary>
    public async Task<Lease[]> AddAsync(string owner, params AllocationEntry[] entries)
    {
        var allocated = Assert.IsType<AllocationOutcome.Allocated>(await AskAsync(owner, entries));
        return [.. allocated.Addresses.Select(static address => address.Lease)];
    }

    public async Task<Lease> AddAsync(string owner, string range) => (await AddAsync(owner, Some.Entry(range)))[0];

    public Task<IReadOnlyList<Lease>> DeleteAsync(string owner) => Allocator.ReleaseAsync(Some.Owner(owner), ReleaseCause.Del, null, default);

    public Task MaintainAsync() => Allocator.MaintainAsync(default);

    /// <summary>
    /// Makes requests that are planned and committed together: <paramref name="requests"/> enqueues them while a commit is under way.
    /// The commit under way is one of an owner of its own in a range of its own.
    /// </summary>
    public async Task<T> TogetherAsync<T>(Func<T> requests)
    {
        var held = Store.Hold(StoreAction.Commit);
        var first = AskAsync("first of all", Some.Entry("192.168.255.0/24"));
        await held.Arrived;
        var waiting = requests();
        await held.ReleaseAsync();
        await first;
        return waiting;
    }

    /// <summary>What the store holds, apart from what <see cref="TogetherAsync"/> put there.</summary>
    public string[] Held() =>
        [.. Store.Content.Leases.Where(static l => l.Owner.ContainerId != "first of all").Select(static l => $"{l.Owner.ContainerId} {l.Address}").Order()];

    public ValueTask DisposeAsync() => Allocator.DisposeAsync();
}
