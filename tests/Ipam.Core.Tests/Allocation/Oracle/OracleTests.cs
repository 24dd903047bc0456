using System.Text;
using Ipam.Core.Pools;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Allocation.Oracle;

public class OracleTests
{
    private const int Seeds = 3;
    private const int Steps = 120;

    public static TheoryData<string> Scenarios => [.. Scenario.All.Keys];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public Task In_the_order_next_every_answer_is_the_one_expected(string scenario) => PlayAsync(scenario, AllocationOrder.Next);

    [Theory]
    [MemberData(nameof(Scenarios))]
    public Task In_the_order_lowest_every_answer_is_the_one_expected(string scenario) => PlayAsync(scenario, AllocationOrder.Lowest);

    [Theory]
    [MemberData(nameof(Scenarios))]
    public Task In_the_order_random_every_answer_is_one_of_those_expected(string scenario) => PlayAsync(scenario, AllocationOrder.Random);

    private static async Task PlayAsync(string scenario, AllocationOrder order)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var mode = seed % 2 == 0 ? StoreMode.AllOrNothing : StoreMode.PerBlock;
            var steps = new StringBuilder($"scenario '{scenario}', order {order}, store {mode}, seed {seed}\n");
            await using var game = new OracleGame(Scenario.All[scenario], order, mode, seed, steps);
            for (var step = 0; step < Steps; step++)
                await game.StepAsync();
        }
    }
}
