using System.Diagnostics;
namespace EndToEnd.Support;

/// <summary>Runs plugin binaries as a runtime does, and holds every run to the protocol's rules for stdout and the exit code.</summary>
internal static class CniPlugin
{
    /// <summary>No call may take longer, whatever happens to the service: a DEL waits 8 s, anything else 25 s.</summary>
    private static readonly TimeSpan HardLimit = TimeSpan.FromSeconds(40);

    /// <summary>Runs <c>ipam</c>.</summary>
    public static CniOutcome Run(CniCall call) => Run(Repository.Ipam, call);

    /// <summary>Runs a plugin.</summary>
    public static CniOutcome Run(string plugin, CniCall call)
    {
        var ran = Command.Run(call.StartOf(plugin), call.Stdin, HardLimit);
        var outcome = new CniOutcome($"{call.Command} {call.ContainerId} {call.IfName} by {plugin}", ran.ExitCode, ran.Stdout, ran.Stderr)
        {
            Began = ran.Began,
            Ended = ran.Ended,
        };
        outcome.EnsureProtocol(call.Command);
        return outcome;
    }

    /// <summary>Kills a plugin (SIGKILL) that has not ended after a while, whatever it is doing then. Returns its exit code, 137 if it was killed.</summary>
    public static int RunAndKill(string plugin, CniCall call, TimeSpan after)
    {
        var start = call.StartOf(plugin);
        start.RedirectStandardInput = start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        process.StandardInput.Write(call.Stdin);
        process.StandardInput.Close();
        process.WaitForExit(after);
        process.Kill();
        process.WaitForExit();
        return process.ExitCode;
    }
}
