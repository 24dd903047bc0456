using System.Diagnostics;
using System.Globalization;

namespace Ipam.Core.Tests.GarbageCollection.Worlds;

/// <summary>Clusters at random, in which an oracle knows who lives: none that lives loses its lease, and the leases of each machine that is gone are released.</summary>
public class ClusterWorldTests
{
    private const int StepsOfAWorld = 150;

    [Fact]
    [Trait("Category", "Worlds")]
    public async Task No_living_container_loses_its_lease_and_no_node_that_is_gone_keeps_one()
    {
        var limit = Number("WORLDS_SECONDS") is { } seconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromSeconds(2);
        var only = Number("WORLDS_SEED");
        var first = only ?? Random.Shared.Next(1_000_000_000);
        var clock = Stopwatch.StartNew();
        long worlds = 0, released = 0;
        while (worlds == 0 || (only is null && clock.Elapsed < limit))
        {
            await using var world = new ClusterWorld((int)((first + worlds++) % int.MaxValue));
            await world.RunAsync(StepsOfAWorld);
            released += world.Released;
        }
        Console.WriteLine($"{worlds} clusters from seed {first}: {released} leaks released, none of the living");
        Assert.True(only is not null || released > worlds, $"{released} leaks were released in {worlds} clusters: there is nothing to see in them");
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
