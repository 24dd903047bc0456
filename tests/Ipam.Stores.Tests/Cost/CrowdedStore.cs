using System.Diagnostics;
using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Stores.Tests.Contract;

namespace Ipam.Stores.Tests.Cost;

/// <summary>
/// A store with thousands of blocks of other nodes, and a node that asks for an address of them. Of each block only the first address can be handed out, so
/// that one lease fills it.
/// </summary>
/// <param name="store">The store, open and empty.</param>
/// <param name="lookUps">How often it was asked for something so far.</param>
internal sealed class CrowdedStore(IIpamStore store, Func<long> lookUps)
{
    public const int Blocks = 4_000;
    private const int Calls = 1_000;
    private const int AtOnce = 64;

    private static readonly AllocationRange Firsts = new AllocationRange(
        Prefix.Parse("10.0.0.0/8"), new AddressRange(First(0), First(Blocks - 1)), null,
        [.. Enumerable.Range(0, Blocks - 1).Select(static i => new AddressRange(First(i) with { Value = First(i).Value + 1 }, First(i) with { Value = First(i).Value + 63 }))])
        .Under(new AllocationPolicy { Affinity = BlockAffinity.Node });

    private static AllocationEntry[] Entries => [new AllocationEntry([Firsts])];

    /// <summary>However many ADDs and strict STATUS calls a full pool gets, the store is looked at once a second.</summary>
    public async Task EnsureAFullPoolIsCheapAsync()
    {
        await FillAsync(isFull: true);
        await using var node = await StartAsync();
        var start = lookUps();
        await store.ListSummariesAsync(new BlockFilter("default"), default);
        var perLook = lookUps() - start;

        start = lookUps();
        var watch = Stopwatch.StartNew();
        var refused = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, Calls), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, token) =>
        {
            var outcome = await node.AllocateAsync(new AllocationRequest { Space = "default", Owner = Some.Owner(), Node = "node", Entries = Entries }, token);
            var verdict = await node.ProbeAsync("default", Entries, token);
            if (outcome is AllocationOutcome.Exhausted { Held: Blocks } && verdict is { Held: Blocks })
                Interlocked.Increment(ref refused);
        });
        Assert.Equal(Calls, refused);
        Assert.InRange(lookUps() - start, perLook, ((long)watch.Elapsed.TotalSeconds + 1) * perLook);
    }

    /// <summary>A node that has to borrow asks for a handful of blocks.</summary>
    public async Task EnsureBorrowingIsBoundedAsync(int mostLookUps)
    {
        await FillAsync(isFull: false);
        await using var node = await StartAsync();
        var start = lookUps();
        var outcome = await node.AllocateAsync(new AllocationRequest { Space = "default", Owner = Some.Owner(), Node = "node", Entries = Entries }, default);
        Assert.IsType<AllocationOutcome.Allocated>(outcome);
        Assert.InRange(lookUps() - start, 1, mostLookUps);
    }

    private static Address First(int block) => new(IpFamily.V4, (UInt128)((10u << 24) + (uint)(block * BlockId.Size)));

    private async Task FillAsync(bool isFull)
    {
        foreach (var some in Enumerable.Range(0, Blocks).Chunk(200))
        {
            var changes = some.Select(i =>
            {
                var block = new Block(BlockId.Of("default", First(i)), []) { Node = $"other-{i % 100}" };
                return Change.Give(block, Some.Lease(block.Id.AddressAt(isFull ? 0 : 1)) with { Node = block.Node! });
            });
            Assert.All(await store.CommitAsync([.. changes], default), static result => Assert.Equal(CommitStatus.Committed, result.Status));
        }
    }

    private async Task<Allocator> StartAsync()
    {
        var node = new Allocator(store, new AllocatorOptions { Node = "node" }, TimeProvider.System, new Random(1));
        await node.StartAsync(default);
        // What others have is learned beside the serving, which isn't to be counted.
        for (var before = -1L; before != lookUps();)
        {
            before = lookUps();
            await Task.Delay(500);
        }
        return node;
    }
}
