using System.CommandLine;

namespace Ipam.Cli.Commands;

/// <summary>What verbs are about. It has them once they are asked for.</summary>
internal sealed class Noun(string name, string description, Func<IReadOnlyList<Command>> verbs) : Command(name, description)
{
    public void AddVerbs()
    {
        foreach (var verb in verbs())
            Add(verb);
    }
}
