using System.Diagnostics;
using System.Globalization;

namespace Ipam.Core.Tests.Support;

/// <summary>
/// Worlds at random, each made from a seed, one after the other: for two seconds, or for WORLDS_SECONDS; only that of WORLDS_SEED if it is set.
/// </summary>
internal static class Worlds
{
    /// <summary>Runs them.</summary>
    /// <param name="what">What they are, in the plural.</param>
    /// <param name="run">Runs the world of a seed; returns how many leaks were released in it, and throws when something is wrong.</param>
    public static async Task RunAsync(string what, Func<int, Task<int>> run)
    {
        var limit = Number("WORLDS_SECONDS") is { } seconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromSeconds(2);
        var only = Number("WORLDS_SEED");
        var first = only ?? Random.Shared.Next(1_000_000_000);
        var clock = Stopwatch.StartNew();
        long worlds = 0, released = 0;
        while (worlds == 0 || (only is null && clock.Elapsed < limit))
            released += await run((int)((first + worlds++) % int.MaxValue));
        Console.WriteLine($"{worlds} {what} from seed {first}: {released} leaks released, none of the living");
        Assert.True(only is not null || released > worlds, $"{released} leaks were released in {worlds} {what}: there is nothing to see in them");
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
