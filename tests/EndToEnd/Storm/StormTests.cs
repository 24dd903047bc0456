using EndToEnd.Support;
using EndToEnd.Support.Stores;
using Xunit.Abstractions;

namespace EndToEnd.Storm;

/// <summary>Many nodes on one store, each of them in trouble now and then.</summary>
public sealed class StormTests(ITestOutputHelper output) : WholeMachineTests
{
    /// <summary>On a slow machine a storm goes on for them for up to five minutes.</summary>
    private const int WantedCalls = 2_500;

    private const int Seconds = 40;

    /// <summary>What even a machine with other things to do answers in that time.</summary>
    private const int LeastCalls = 2_000;

    [StoreFact("redis")]
    public Task Eight_nodes_on_a_Redis_server_that_fail_in_turn_keep_every_answer_and_hand_out_no_address_twice() => RunAsync("redis");

    [StoreFact("kubernetes")]
    public Task Eight_nodes_on_an_API_server_that_fail_in_turn_keep_every_answer_and_hand_out_no_address_twice() => RunAsync("kubernetes");

    private async Task RunAsync(string store)
    {
        var storm = new StormRun(new StormOptions(store, TimeSpan.FromSeconds(Seconds), Environment.TickCount) { LeastCalls = WantedCalls }, output.WriteLine);

        await storm.RunAsync();

        Assert.True(storm.Answered >= LeastCalls, $"{storm.Answered} calls were answered, wanted are {LeastCalls}");
        Assert.True(storm.Faults >= Seconds / 6, $"{storm.Faults} faults are not a storm");
    }
}
