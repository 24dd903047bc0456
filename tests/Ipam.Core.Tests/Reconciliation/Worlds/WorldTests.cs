namespace Ipam.Core.Tests.Reconciliation.Worlds;

/// <summary>Worlds at random, in which an oracle knows who lives: none that lives loses its lease, and each leak is released within its time.</summary>
public class WorldTests
{
    private const int StepsOfAWorld = 120;

    [Fact]
    [Trait("Category", "Worlds")]
    public Task No_living_owner_loses_its_lease_and_no_leak_stays() => Support.Worlds.RunAsync("worlds", static seed => Task.FromResult(Run(seed)));

    private static int Run(int seed)
    {
        var world = new World(seed, isTold: false);
        try
        {
            world.Run(StepsOfAWorld);
            return world.Released;
        }
        catch (InvalidOperationException)
        {
            // The same once more, for the story.
            new World(seed, isTold: true).Run(StepsOfAWorld);
            throw;
        }
    }
}
