using System.CommandLine;
using Ipam.Cli.Terminal;

namespace Ipam.Cli.Commands.Manual;

/// <summary><c>ipamctl manual</c>: for those who build and package ipamctl, so it isn't shown.</summary>
internal sealed class ManualCommand : Command
{
    /// <summary>Its name.</summary>
    public const string Word = "manual";

    public ManualCommand(CliEnvironment environment) : base(Word, "Writes the manual, from the commands.")
    {
        Hidden = true;
        Add(new ManualReferenceCommand(environment));
        Add(new ManualPagesCommand(environment));
    }
}
