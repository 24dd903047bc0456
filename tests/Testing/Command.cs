using System.Diagnostics;

namespace Testing;

/// <summary>Runs a program to its end, with a hard time-out.</summary>
public static class Command
{
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(30);

    /// <summary>Runs it; fails unless it exits with 0. Returns its stdout.</summary>
    public static string Run(string program, params string[] arguments)
    {
        var outcome = TryRun(program, arguments);
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        return outcome.Stdout;
    }

    public static CommandOutcome TryRun(string program, params string[] arguments) =>
        Run(new ProcessStartInfo(Programs.Find(program) ?? program, arguments), stdin: "", DefaultPatience);

    /// <summary>Runs it with exactly this environment. Kills it, and fails, when the time is up.</summary>
    public static CommandOutcome Run(ProcessStartInfo start, string? stdin, TimeSpan patience)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var timedOut = false;
        using var alarm = new Timer(
            _ =>
            {
                timedOut = true;
                process.Kill(entireProcessTree: true);
            },
            null, patience, Timeout.InfiniteTimeSpan);
        if (stdin is not null)
            Feed(process, stdin);
        // One after the other, on this thread: none of these programs fills a pipe with complaints.
        var stdout = process.StandardOutput.ReadToEnd();
        var stderr = process.StandardError.ReadToEnd();
        process.WaitForExit();
        var outcome = new CommandOutcome($"{start.FileName} {string.Join(' ', start.ArgumentList)}", process.ExitCode, stdout, stderr)
        {
            Began = began,
            Ended = Stopwatch.GetTimestamp(),
        };
        Assert.False(timedOut, $"killed after {patience.TotalSeconds} s: {outcome}");
        return outcome;
    }

    private static void Feed(Process process, string stdin)
    {
        try
        {
            process.StandardInput.Write(stdin);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading its stdin, which is its right: its exit code and output are what counts.
        }
    }
}
