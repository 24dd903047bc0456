using System.Diagnostics;

namespace Testing;

/// <summary>What a program did. Times are <see cref="Stopwatch"/> timestamps.</summary>
public record CommandOutcome(string What, int ExitCode, string Stdout, string Stderr)
{
    public long Began { get; init; }

    public long Ended { get; init; }

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(Began, Ended);

    public sealed override string ToString() =>
        $"{What}\nexit code {ExitCode} after {Elapsed.TotalMilliseconds:0} ms\nstdout: {Stdout}\nstderr: {Stderr}";
}
