using System.Diagnostics;
using System.Globalization;

namespace Ipam.Core.Tests.Support;

/// <summary>
/// Worlds at random, each made from a seed, on all processors: for two seconds. WORLDS says how many instead, WORLDS_SECONDS for how long at most, and WORLDS_SEED which
/// seed is the first; alone it means that one world.
/// </summary>
internal static class Worlds
{
    /// <summary>Runs them.</summary>
    /// <param name="what">What they are, in the plural.</param>
    /// <param name="run">Runs the world of a seed; returns how many leaks were released in it, and throws when something is wrong.</param>
    public static async Task RunAsync(string what, Func<int, Task<int>> run)
    {
        var (wanted, seconds, seed) = (Number("WORLDS"), Number("WORLDS_SECONDS"), Number("WORLDS_SEED"));
        var most = wanted ?? (seed is not null && seconds is null ? 1 : int.MaxValue);
        var limit = seconds is { } given ? TimeSpan.FromSeconds(given) : most < int.MaxValue ? TimeSpan.MaxValue : TimeSpan.FromSeconds(2);
        var first = seed ?? Random.Shared.Next(1_000_000_000);
        var clock = Stopwatch.StartNew();
        long begun = 0, worlds = 0, released = 0;
        var hasFailed = false;
        await Task.WhenAll(Enumerable.Range(0, most == 1 ? 1 : Environment.ProcessorCount).Select(_ => Task.Run(async () =>
        {
            while (!Volatile.Read(ref hasFailed) && Interlocked.Increment(ref begun) is var number && number <= most && (number == 1 || clock.Elapsed < limit))
            {
                try
                {
                    Interlocked.Add(ref released, await run((int)((first + number - 1) % int.MaxValue)));
                    Interlocked.Increment(ref worlds);
                }
                catch
                {
                    // The others need not go on.
                    Volatile.Write(ref hasFailed, true);
                    throw;
                }
            }
        })));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{worlds} {what} from seed {first} in {clock.Elapsed.TotalSeconds:0} s ({worlds / clock.Elapsed.TotalMinutes:0} a minute): {released} leaks released, none of the living"));
        Assert.True(worlds == 1 || released > worlds, $"{released} leaks were released in {worlds} {what}: there is nothing to see in them");
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
