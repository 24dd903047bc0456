using System.CommandLine;
using Ipam.Cli.Terminal;

namespace Ipam.Cli.Commands.Manual;

/// <summary><c>ipamctl manual</c>: for those who build and package ipamctl, so it isn't shown.</summary>
internal sealed class ManualCommand : Command
{
    public ManualCommand(CliEnvironment environment) : base("manual", "Writes the manual, from the commands.")
    {
        Hidden = true;
        Add(new ManualReferenceCommand(environment));
        Add(new ManualPagesCommand(environment));
    }
}
