using System.CommandLine;

namespace Ipam.Cli.Commands.Catalog;

/// <summary>The argument NAME.</summary>
internal static class NameArgument
{
    public static Argument<string> Of(string kind) => new("NAME") { Description = $"The name of the {kind}." };
}
