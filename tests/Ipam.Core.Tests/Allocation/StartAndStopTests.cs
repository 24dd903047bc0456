using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Allocation;

public class StartAndStopTests
{
    [Fact]
    public async Task Requests_made_before_the_start_wait_for_it()
    {
        await using var store = new InMemoryStore(StoreMode.AllOrNothing);
        await using var allocator = NewAllocator(store);
        var asked = allocator.AllocateAsync(Some.Request("a", Some.Entry("10.0.0.0/24")), default);
        Assert.False(asked.IsCompleted);
        await allocator.StartAsync(default);
        Assert.IsType<AllocationOutcome.Allocated>(await asked);
    }

    [Fact]
    public async Task A_start_that_failed_can_be_repeated()
    {
        await using var store = new InMemoryStore(StoreMode.AllOrNothing);
        await using var allocator = NewAllocator(store);
        store.Fault = static _ => StoreFault.FailBefore;
        await Assert.ThrowsAsync<StoreException>(() => allocator.StartAsync(default));
        var asked = allocator.AllocateAsync(Some.Request("a", Some.Entry("10.0.0.0/24")), default);
        store.Fault = static _ => StoreFault.None;
        await allocator.StartAsync(default);
        Assert.IsType<AllocationOutcome.Allocated>(await asked);
    }

    [Fact]
    public async Task What_was_asked_for_before_the_end_is_answered()
    {
        await using var store = new InMemoryStore(StoreMode.AllOrNothing);
        var allocator = NewAllocator(store, maxBatch: 3);
        await allocator.StartAsync(default);
        var held = store.Hold(StoreAction.Commit);
        var asked = Enumerable.Range(0, 20)
            .Select(i => allocator.AllocateAsync(Some.Request($"c{i}", Some.Entry("10.0.0.0/24")), default)).ToArray();
        await held.Arrived;
        var stopped = allocator.DisposeAsync();
        Assert.False(stopped.IsCompleted);
        await held.ReleaseAsync();
        await stopped;
        Assert.All(await Task.WhenAll(asked), static outcome => Assert.IsType<AllocationOutcome.Allocated>(outcome));
        Assert.Equal(20, store.Content.Leases.Length);
    }

    [Fact]
    public async Task What_is_asked_for_after_the_end_is_refused()
    {
        await using var store = new InMemoryStore(StoreMode.AllOrNothing);
        var allocator = NewAllocator(store);
        await allocator.StartAsync(default);
        await allocator.DisposeAsync();
        await Assert.ThrowsAsync<StoreException>(() => allocator.AllocateAsync(Some.Request("a", Some.Entry("10.0.0.0/24")), default));
        await Assert.ThrowsAsync<StoreException>(() => allocator.ReleaseAsync(Some.Owner("a"), ReleaseCause.Del, null, default));
        await allocator.DisposeAsync();
    }

    [Fact]
    public async Task What_was_asked_for_without_a_start_is_refused_at_the_end()
    {
        await using var store = new InMemoryStore(StoreMode.AllOrNothing);
        var allocator = NewAllocator(store);
        var asked = allocator.AllocateAsync(Some.Request("a", Some.Entry("10.0.0.0/24")), default);
        await allocator.DisposeAsync();
        await Assert.ThrowsAsync<StoreException>(() => asked);
    }

    [Fact]
    public async Task A_restart_knows_all_that_is_held()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        for (var i = 0; i < 200; i++)
            await node.AddAsync($"c{i}", "10.0.0.0/24");
        await using var restarted = await node.RestartAsync();
        for (var i = 200; i < 256; i++)
            await restarted.AddAsync($"c{i}", "10.0.0.0/24");
        Assert.IsType<AllocationOutcome.Exhausted>(await restarted.AskAsync("a", Some.Entry("10.0.0.0/24")));
        Assert.Equal(256, restarted.Held().Length);
    }

    private static Allocator NewAllocator(InMemoryStore store, int maxBatch = 512) =>
        new(store, new AllocatorOptions { MaxBatch = maxBatch }, new ManualTimeProvider(Some.Instant), new Random(1));
}
