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
