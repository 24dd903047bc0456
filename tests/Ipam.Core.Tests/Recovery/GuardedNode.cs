using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Ledger;
using Ipam.Core.Pools;
using Ipam.Core.Recovery;
using Ipam.Core.Stores;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Recovery;

/// <summary>A node with a guard of its store, which remembers what it was told.</summary>
internal sealed class GuardedNode : IStoreGuardObserver, IAsyncDisposable
{
    private GuardedNode(InMemoryStore store, ManualTimeProvider time, string name, string instance, bool takesOver)
    {
        Node = TestNode.Create(store, time, new AllocatorOptions { Node = name });
        var options = new StoreGuardOptions { Node = name, Instance = instance, Host = $"host of {instance}", TakesOver = takesOver };
        Guard = new StoreGuard(store, Node.Allocator, options, this, time);
    }

    public TestNode Node { get; }

    public StoreGuard Guard { get; }

    public List<string> Told { get; } = [];

    public bool HasTakenOver { get; private set; }

    /// <summary>What its next run remembers of the store's past.</summary>
    public StorePast? Past { get; private set; }

    public List<LeaseConflict> Conflicts { get; } = [];

    public static async Task<GuardedNode> StartAsync(
        InMemoryStore store, ManualTimeProvider time, string name, StorePast? past = null, NodeMemory? memory = null, string instance = "first", bool takesOver = false)
    {
        var node = new GuardedNode(store, time, name, instance, takesOver);
        await node.Guard.StartAsync(past, memory ?? NodeMemory.Nothing, () => node.HasTakenOver = true, default);
        await node.Node.Allocator.StartAsync(memory ?? NodeMemory.Nothing, default);
        return node;
    }

    /// <summary>An address out of a block of the node's own.</summary>
    public async Task<Lease> AddAsync(string owner, string subnet = "10.0.0.0/24")
    {
        var request = Some.Request(owner, Some.Entry(subnet)).Under(new AllocationPolicy { Affinity = BlockAffinity.Node });
        var outcome = await Node.Allocator.AllocateAsync(request with { Node = Node.Name }, default);
        return Assert.IsType<AllocationOutcome.Allocated>(outcome).Addresses[0].Lease;
    }

    public Task TurnAsync() => Guard.TurnAsync(default);

    public void Held(string reason) => Told.Add(reason);

    public void Asserted(ReassertionReport report) => Conflicts.AddRange(report.Conflicts);

    public void Resumed()
    {
    }

    public void Saw(StorePast past) => Past = past;

    public ValueTask DisposeAsync() => Node.DisposeAsync();
}
