using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Allocation;

/// <summary>Nodes that all take addresses of the same blocks, which are nobody's.</summary>
public class SharingTests
{
    private const int Nodes = 8;
    private const int CallersPerNode = 2;
    private const int AddsPerCaller = 20;
    private const int Adds = Nodes * CallersPerNode * AddsPerCaller;

    private readonly Writes _writes = new();

    [Theory]
    [InlineData(StoreMode.AllOrNothing)]
    [InlineData(StoreMode.PerBlock)]
    public async Task Nodes_that_want_the_next_address_go_on_in_different_blocks(StoreMode mode)
    {
        await AddAsync(mode, AllocationOrder.Next, "10.0.0.0-10.0.15.255");
        Assert.InRange(_writes.Conflicts, 0, _writes.Written / 5);
    }

    [Theory]
    [InlineData(StoreMode.AllOrNothing)]
    [InlineData(StoreMode.PerBlock)]
    public async Task Nodes_that_want_the_lowest_address_leave_none_out(StoreMode mode)
    {
        var held = await AddAsync(mode, AllocationOrder.Lowest, "10.0.0.0-10.0.15.255");
        Assert.Equal(Enumerable.Range(0, Adds).Select(static i => (UInt128)(0x0a000000 + i)), held.Select(static lease => lease.Address.Value).Order());
        // The store places them beside what others wrote: what is left is full blocks.
        Assert.InRange(_writes.Conflicts, 0, _writes.Written / 3);
    }

    [Fact]
    public Task Nodes_that_step_aside_hand_out_all_addresses_of_a_range() => AddAsync(StoreMode.PerBlock, AllocationOrder.Next, "10.0.0.0-10.0.1.63");

    private async Task<Lease[]> AddAsync(StoreMode mode, AllocationOrder order, string bounds)
    {
        var store = new InMemoryStore(mode)
        {
            HasOwnerIndex = mode == StoreMode.AllOrNothing,
            IsSharedByNodes = true,
            Travel = static () => Task.Delay(1),
        };
        var range = Some.Range(bounds).Under(new AllocationPolicy { Affinity = BlockAffinity.None, Order = order });
        var nodes = Enumerable.Range(0, Nodes).Select(i => new Allocator(store, new AllocatorOptions { Node = $"node-{i}" }, TimeProvider.System, new Random(i), _writes)).ToArray();
        foreach (var node in nodes)
            await node.StartAsync(default);
        await Task.WhenAll(Enumerable.Range(0, Nodes * CallersPerNode).Select(async caller =>
        {
            for (var i = 0; i < AddsPerCaller; i++)
            {
                var request = Some.Request($"{caller}-{i}", new AllocationEntry([range])) with { Node = $"node-{caller % Nodes}" };
                Assert.IsType<AllocationOutcome.Allocated>(await nodes[caller % Nodes].AllocateAsync(request, default));
            }
        }));
        foreach (var node in nodes)
            await node.DisposeAsync();

        Assert.Empty(store.Content.Violations);
        Assert.Equal(Adds, store.Content.Leases.Select(static lease => lease.Owner).Distinct().Count());
        return [.. store.Content.Leases];
    }

    /// <summary>How many blocks all nodes wrote, and how often one had changed meanwhile.</summary>
    private sealed class Writes : IAllocatorObserver
    {
        private int _written;
        private int _conflicts;

        public int Written => _written;

        public int Conflicts => _conflicts;

        public void Committed(int requests, int blocks, int conflicts, TimeSpan duration)
        {
            Interlocked.Add(ref _written, blocks - conflicts);
            Interlocked.Add(ref _conflicts, conflicts);
        }

        public void Failed(Exception fault, bool isUncertain) => throw fault;

        public void Ended(IReadOnlyList<EndedLease> leases)
        {
        }

        public void SetAside(DamagedBlock block)
        {
        }

        public void Returned(DamagedBlock block)
        {
        }
    }
}
