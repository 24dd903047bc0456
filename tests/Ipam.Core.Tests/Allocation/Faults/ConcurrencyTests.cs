using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Allocation.Faults;

/// <summary>Many requests at once over a store that works: no request may fail.</summary>
public class ConcurrencyTests
{
    [Theory]
    [InlineData(StoreMode.AllOrNothing, 1)]
    [InlineData(StoreMode.AllOrNothing, 5)]
    [InlineData(StoreMode.AllOrNothing, 512)]
    [InlineData(StoreMode.PerBlock, 1)]
    [InlineData(StoreMode.PerBlock, 5)]
    [InlineData(StoreMode.PerBlock, 512)]
    public async Task A_hundred_at_a_time_on_one_node_never_share_an_address(StoreMode mode, int maxBatch)
    {
        await using var game = new FaultGame(mode, nodes: 1, workersPerNode: 100, seed: maxBatch, maxBatch) { Faults = static _ => StoreFault.Slow };
        await PlayAsync(game, steps: 20);
    }

    [Theory]
    [InlineData(StoreMode.AllOrNothing)]
    [InlineData(StoreMode.PerBlock)]
    public async Task Three_nodes_and_another_process_over_one_store_never_share_an_address(StoreMode mode)
    {
        var calls = 0;
        await using var game = new FaultGame(mode, nodes: 3, workersPerNode: 20, seed: 1)
        {
            Faults = _ => Interlocked.Increment(ref calls) % 5 == 0 ? StoreFault.Meddle : StoreFault.Slow,
        };
        await PlayAsync(game, steps: 20);
    }

    private static async Task PlayAsync(FaultGame game, int steps)
    {
        await game.PlayAsync(steps);
        await game.ReleaseWhatNeedsItAsync();
        game.AssertNothingIsLostOrLeft();
        Assert.Equal(0, game.Failures);
    }
}
