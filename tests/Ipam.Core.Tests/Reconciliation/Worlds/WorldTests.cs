using System.Diagnostics;
using System.Globalization;

namespace Ipam.Core.Tests.Reconciliation.Worlds;

/// <summary>Worlds at random, in which an oracle knows who lives: none that lives loses its lease, and each leak is released within its time.</summary>
public class WorldTests
{
    private const int StepsOfAWorld = 120;

    [Fact]
    [Trait("Category", "Worlds")]
    public void No_living_owner_loses_its_lease_and_no_leak_stays()
    {
        var limit = Number("WORLDS_SECONDS") is { } seconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromSeconds(2);
        var only = Number("WORLDS_SEED");
        var first = only ?? Random.Shared.Next(1_000_000_000);
        var clock = Stopwatch.StartNew();
        long worlds = 0, released = 0;
        while (worlds == 0 || (only is null && clock.Elapsed < limit))
        {
            released += Run((int)((first + worlds++) % int.MaxValue));
        }
        Console.WriteLine($"{worlds} worlds from seed {first}: {released} leaks released, none of the living");
        Assert.True(only is not null || released > worlds, $"{released} leaks were released in {worlds} worlds: there is nothing to see in them");
    }

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

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
