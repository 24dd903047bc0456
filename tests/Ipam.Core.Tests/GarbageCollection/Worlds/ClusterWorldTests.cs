namespace Ipam.Core.Tests.GarbageCollection.Worlds;

/// <summary>Clusters at random, in which an oracle knows who lives: none that lives loses its lease, and the leases of each machine that is gone are released.</summary>
public class ClusterWorldTests
{
    private const int StepsOfAWorld = 150;

    [Fact]
    [Trait("Category", "Worlds")]
    public Task No_living_container_loses_its_lease_and_no_node_that_is_gone_keeps_one() => Support.Worlds.RunAsync("clusters", RunAsync);

    private static async Task<int> RunAsync(int seed)
    {
        await using var world = new ClusterWorld(seed);
        await world.RunAsync(StepsOfAWorld);
        return world.Released;
    }
}
