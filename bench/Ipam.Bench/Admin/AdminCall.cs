using System.Diagnostics;

namespace Ipam.Bench.Admin;

/// <summary>A command line whose output goes into a pipe.</summary>
internal sealed class AdminCall(string program, string[] arguments)
{
    /// <summary>ipamctl, as it is published.</summary>
    public static string Program { get; } = Folders.Artifact("ipamctl/ipamctl");

    /// <summary>Runs it to its end, which must be a good one.</summary>
    public AdminRun Run()
    {
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(PeakRss.Measured(program, arguments))!;
        var first = TimeSpan.Zero;
        var lines = 0;
        while (process.StandardOutput.ReadLine() is not null)
        {
            if (lines++ == 0)
                first = Stopwatch.GetElapsedTime(start);
        }
        var error = process.StandardError.ReadToEnd().Trim();
        process.WaitForExit();
        var all = Stopwatch.GetElapsedTime(start);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {error}");
        return new AdminRun(lines, first, all, PeakRss.MiBIn(error));
    }
}

/// <summary>What a run of a command line took.</summary>
/// <param name="Lines">How many lines it printed.</param>
/// <param name="First">From its start to its first line.</param>
/// <param name="All">From its start to its end.</param>
/// <param name="PeakMiB">The most memory that it had.</param>
internal sealed record AdminRun(int Lines, TimeSpan First, TimeSpan All, double PeakMiB);
