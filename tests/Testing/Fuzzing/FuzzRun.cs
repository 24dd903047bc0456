using System.Diagnostics;
using System.Globalization;

namespace Testing.Fuzzing;

/// <summary>
/// Tries a property on one odd input after the other, for a while. Each attempt has a seed of its own; the one that failed is in the failure, and
/// <c>FUZZ_SEED</c> set to it makes it the first one.
/// </summary>
public static class FuzzRun
{
    private const int DefaultSeed = 20260101;

    // Inputs are at most a few hundred KiB; what reads one may make a DOM of it, but nothing that grows without end.
    private const long MostMemory = 128 << 20;

    // What the whole suite takes for all of its runs together.
    private static readonly TimeSpan InTheSuite = TimeSpan.FromSeconds(60);

    /// <summary>Attempts until the time is up.</summary>
    /// <param name="share">Of all the time: <c>FUZZ_SECONDS</c>, or what the suite takes. All runs' shares together are 1.</param>
    /// <param name="attempt">Makes an input, gives it to what is tried and fails if the property doesn't hold.</param>
    /// <param name="most">How many attempts to make at most.</param>
    public static void For(double share, Action<Mutator> attempt, int most = int.MaxValue)
    {
        var (first, start, time) = (FirstSeed(), Stopwatch.GetTimestamp(), Time() * share);
        Console.WriteLine($"fuzzing from seed {first} for {time.TotalSeconds:0.0} s");
        var done = 0;
        for (; done < most && Stopwatch.GetElapsedTime(start) < time; done++)
        {
            var seed = unchecked(first + done);
            try
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                attempt(new Mutator(seed));
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostMemory);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed} (FUZZ_SEED={seed} repeats it): {e.Message}", e);
            }
        }
        Console.WriteLine($"{done} inputs");
        Assert.NotEqual(0, done);
    }

    private static TimeSpan Time() =>
        Number("FUZZ_SECONDS") is { } seconds ? TimeSpan.FromSeconds(seconds) : InTheSuite;

    // With a time of its own a run goes where no other has been.
    private static int FirstSeed() => Number("FUZZ_SEED") ?? (Number("FUZZ_SECONDS") is null ? DefaultSeed : Random.Shared.Next());

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;
}
