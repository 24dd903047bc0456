namespace Cni.Protocol;

/// <summary>Runs one program to its end. Called from one thread; the child must be started in that thread's network namespace.</summary>
public interface IProcessRunner
{
    /// <summary>
    /// Runs a program without arguments, in the current folder. A program that can't be started is an outcome, not an exception.
    /// </summary>
    /// <param name="path">Path of the executable.</param>
    /// <param name="environment">The child's whole environment.</param>
    /// <param name="stdin">What it reads; a child that doesn't read it is no fault.</param>
    ProcessOutcome Run(string path, EnvironmentBlock environment, ReadOnlyMemory<byte> stdin);
}

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
