using System.CommandLine;
using System.CommandLine.Parsing;
using Ipam.Core.Text;

namespace Ipam.Cli.Commands;

/// <summary>Says in one line what is wrong with a command line.</summary>
internal static class UsageErrors
{
    /// <summary>Options of other programs, and which verb shows that here.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new(StringComparer.Ordinal) { ["--show-blocks"] = "'ipamctl block list' shows blocks" };

    public static string Describe(ParseResult parsed)
    {
        var path = PathOf(parsed.CommandResult);
        var verbs = parsed.CommandResult.Command.Subcommands.Where(static verb => !verb.Hidden).Select(static verb => verb.Name).ToList();
        // An argument may have taken it.
        var given = parsed.Tokens.Where(static token => token.Type == TokenType.Argument).Select(static token => token.Value);
        if (given.FirstOrDefault(static token => token.StartsWith("--", StringComparison.Ordinal)) is { } option)
        {
            if (Elsewhere.TryGetValue(option, out var verb))
                return $"unknown option '{option}': {verb}. Try '{path} --help'.";
            if (NearestName.Like(OptionsOf(parsed.CommandResult), option) is { } meant)
                return $"unknown option '{option}'; did you mean '{meant}'? Try '{path} --help'.";
        }
        if (verbs.Count == 0)
            return $"{string.Join(' ', parsed.Errors.Select(static error => error.Message))} Try '{path} --help'.";
        var mistake = parsed.UnmatchedTokens is not [var unknown, ..] ? "a command is missing"
            : NearestName.Like(verbs, unknown) is { } near ? $"unknown command '{unknown}', did you mean '{near}'?" : $"unknown command '{unknown}'";
        return $"{mistake}: after '{path}' comes one of {string.Join(", ", verbs)}. Try '{path} --help'.";
    }

    /// <summary>All options that may be given there, by all their names.</summary>
    private static IEnumerable<string> OptionsOf(CommandResult command)
    {
        var inherited = command.Parent is CommandResult parent ? OptionsOf(parent) : [];
        return command.Command.Options.SelectMany(static option => option.Aliases.Prepend(option.Name)).Where(static name => name.StartsWith("--", StringComparison.Ordinal)).Concat(inherited);
    }

    private static string PathOf(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}" : "ipamctl";
}
