using System.CommandLine;

namespace Ipam.Cli.Commands.Leases;

/// <summary>The option <c>--space</c>.</summary>
internal static class SpaceOption
{
    public static Option<string> Create() => new("--space")
    {
        Description = "Only this address space. [otherwise: all of them]",
        HelpName = "NAME",
    };
}
