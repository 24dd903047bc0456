using EndToEnd.Support.Stores;
using Xunit.Abstractions;

namespace EndToEnd.Leaks;

/// <summary>Containers in real namespaces lose their DEL in every way there is: their leases go within their time, and nobody else's ever do.</summary>
public sealed class LeakTests(ITestOutputHelper output)
{
    [Theory]
    [StoreData("sqlite")]
    [StoreData("redis")]
    [StoreData("kubernetes")]
    public Task Leaks_go_within_their_time_and_the_living_keep_their_addresses(string kind)
    {
        // How a node that is gone is found has tests of its own, as that takes longer.
        var options = new LeakOptions(kind, 100) { Grace = TimeSpan.FromSeconds(5), Spread = TimeSpan.Zero, LosesANode = false };
        return new LeakRun(options, output.WriteLine).RunAsync();
    }
}
