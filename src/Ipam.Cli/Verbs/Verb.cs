using System.CommandLine;

namespace Ipam.Cli.Verbs;

/// <summary>A command that does something.</summary>
internal abstract class Verb : Command
{
    protected Verb(string name, string description) : base(name, description) => SetAction(RunAsync);

    /// <summary>Whole command lines, for help.</summary>
    public abstract IReadOnlyList<string> Examples { get; }

    /// <summary>Does it, and returns the exit code.</summary>
    protected abstract Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken);
}
