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
}
