using System.CommandLine;

namespace Ipam.Cli.Commands.Imports;

/// <summary>Options that several imports have.</summary>
internal static class ImportOptions
{
    public static Option<string> Node() => new("--node")
    {
        Description = "The node that the containers run on. [otherwise: IPAM_NODE, then \"node\" of ipamd's configuration file, then this machine's name]",
        HelpName = "NAME",
    };

    public static Option<string> Interface() => new("--interface") { Description = "The interface of containers of which the source doesn't name it.", HelpName = "NAME" };
}
