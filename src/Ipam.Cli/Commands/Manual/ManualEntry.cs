using System.CommandLine;

namespace Ipam.Cli.Commands.Manual;

/// <summary>An argument or an option, as the manual names it.</summary>
/// <param name="Names">Its names, the first one first.</param>
/// <param name="Value">What stands behind the name of an option, or for an argument; empty for a switch.</param>
/// <param name="Meaning">What it means, and its default.</param>
internal sealed record ManualEntry(IReadOnlyList<string> Names, string Value, string Meaning)
{
    public static ManualEntry Of(Argument argument) => new([], argument.Name, argument.Description ?? "");

    public static ManualEntry Of(Option option) => new(
        [option.Name, .. option.Aliases],
        option.HelpName ?? "",
        option.Description ?? "");

    /// <summary>As a synopsis shows an argument.</summary>
    public static string InSynopsis(Argument argument)
    {
        var name = argument.Arity.MaximumNumberOfValues > 1 ? $"{argument.Name}..." : argument.Name;
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
    }
}
