using Ipam.Core.Pools;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Allocation.Faults;

public class FaultTests
{
    private const int Seeds = 6;

    public static TheoryData<StoreMode, int, int> Sizes => new()
    {
        { StoreMode.AllOrNothing, 1, 1 },
        { StoreMode.PerBlock, 1, 1 },
        { StoreMode.AllOrNothing, 1, 24 },
        { StoreMode.PerBlock, 1, 24 },
        { StoreMode.AllOrNothing, 3, 8 },
        { StoreMode.PerBlock, 3, 8 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task What_was_answered_stays_and_what_failed_is_undone_by_the_allocator_itself(StoreMode mode, int nodes, int workers)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            await using var game = new FaultGame(mode, nodes, workers, seed) { Faults = new RandomFaults(seed).Next };
            await game.PlayAsync(steps: 300 / (nodes * workers) + 10);
            Assert.NotEqual(0, game.Failures);
            await game.ReleaseWhatNeedsItAsync();
            if (seed % 2 == 0)
                game.LandAll();
            await game.MaintainAsync();
            game.LandAll();
            game.AssertNothingIsLostOrLeft();
        }
    }

    public static TheoryData<StoreMode, bool, int> Affinities => new()
    {
        { StoreMode.AllOrNothing, false, 0 },
        { StoreMode.PerBlock, false, 0 },
        { StoreMode.PerBlock, true, 0 },
        { StoreMode.AllOrNothing, false, 3 },
        { StoreMode.PerBlock, true, 3 },
    };

    [Theory]
    [MemberData(nameof(Affinities))]
    public async Task Neither_blocks_of_their_own_nor_rest_make_nodes_lose_or_leave_anything(StoreMode mode, bool isStrict, int restSeconds)
    {
        for (var seed = 200; seed < 200 + Seeds; seed++)
        {
            await using var game = new FaultGame(mode, nodes: 3, workersPerNode: 8, seed)
            {
                Faults = new RandomFaults(seed).Next,
                Policy = new AllocationPolicy
                {
                    Affinity = BlockAffinity.Node,
                    IsStrict = isStrict,
                    Cooldown = TimeSpan.FromSeconds(restSeconds),
                    ReusesCooling = seed % 2 == 0,
                },
            };
            for (var life = 0; life < 2; life++)
            {
                await game.PlayAsync(steps: 15);
                await game.MaintainAsync();
                await game.RestartAsync();
            }
            await game.PlayAsync(steps: 2);
            await game.ReleaseWhatNeedsItAsync();
            await game.MaintainAsync();
            game.LandAll();
            game.AssertNothingIsLostOrLeft();
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Nor_do_addresses_that_the_store_chooses(StoreMode mode, int nodes, int workers)
    {
        for (var seed = 300; seed < 300 + Seeds; seed++)
        {
            await using var game = new FaultGame(mode, nodes, workers, seed)
            {
                Faults = new RandomFaults(seed).Next,
                Policy = new AllocationPolicy
                {
                    Affinity = BlockAffinity.None,
                    Order = AllocationOrder.Lowest,
                    Cooldown = TimeSpan.FromSeconds(seed % 3),
                },
            };
            await game.PlayAsync(steps: 300 / (nodes * workers) + 10);
            await game.ReleaseWhatNeedsItAsync();
            if (seed % 2 == 0)
                game.LandAll();
            await game.MaintainAsync();
            game.LandAll();
            game.AssertNothingIsLostOrLeft();
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task What_was_answered_outlives_the_nodes(StoreMode mode, int nodes, int workers)
    {
        for (var seed = 100; seed < 100 + Seeds / 2; seed++)
        {
            await using var game = new FaultGame(mode, nodes, workers, seed) { Faults = new RandomFaults(seed).Next };
            for (var life = 0; life < 3; life++)
            {
                await game.PlayAsync(steps: 150 / (nodes * workers) + 5);
                await game.MaintainAsync();
                await game.RestartAsync();
            }
            await game.PlayAsync(steps: 2);
            await game.ReleaseWhatNeedsItAsync();
            await game.MaintainAsync();
            game.LandAll();
            game.AssertNothingIsLostOrLeft();
        }
    }
}
