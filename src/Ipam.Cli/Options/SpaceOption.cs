using System.CommandLine;

namespace Ipam.Cli.Options;

/// <summary>The option <c>--space</c>.</summary>
internal static class SpaceOption
{
    /// <summary>The space where none is said.</summary>
    public const string Default = "default";

    /// <summary>The space to look into.</summary>
    public static Option<string> Create() => new("--space")
    {
        Description = "Only this address space. [otherwise: all of them]",
        HelpName = "NAME",
    };

    /// <summary>The space of something new.</summary>
    public static Option<string> ForNew() => new("--space")
    {
        Description = "The address space of the addresses. [otherwise: default]",
        HelpName = "NAME",
    };
}
