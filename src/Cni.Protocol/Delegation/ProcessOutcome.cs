namespace Cni.Protocol;

/// <summary>How a child process ended, or why it didn't start.</summary>
/// <param name="ExitCode">The exit code; what a shell would say (128 + signal) for one that a signal ended.</param>
/// <param name="Stdout">Everything it wrote to stdout.</param>
/// <param name="Stderr">Everything it wrote to stderr.</param>
public sealed record ProcessOutcome(int ExitCode, ReadOnlyMemory<byte> Stdout, ReadOnlyMemory<byte> Stderr)
{
    /// <summary>errno(3) of a failed start, 0 for a process that ran.</summary>
    public int StartErrno { get; init; }

    /// <summary>The text of a failed start.</summary>
    public string StartError { get; init; } = "";
}
