using System.CommandLine;

namespace Ipam.Cli.Verbs;

/// <summary>
/// A command that does something, and that is waited for: all else would only be compiled at the start. No handlers of signals: SIGINT ends the program at once, and
/// a commit is whole or not at all.
/// </summary>
internal abstract class Verb : Command
{
    protected Verb(string name, string description) : base(name, description) =>
        SetAction(arguments => RunAsync(arguments, CancellationToken.None).GetAwaiter().GetResult());

    /// <summary>Whole command lines, for help.</summary>
    public abstract IReadOnlyList<string> Examples { get; }

    /// <summary>Does it, and returns the exit code.</summary>
    protected abstract Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken);
}
