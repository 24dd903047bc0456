using System.CommandLine;
using System.CommandLine.Parsing;

namespace Ipam.Cli.Commands;

/// <summary>Says in one line what is wrong with a command line.</summary>
internal static class UsageErrors
{
    public static string Describe(ParseResult parsed)
    {
        var path = PathOf(parsed.CommandResult);
        var verbs = parsed.CommandResult.Command.Subcommands;
        if (verbs.Count == 0)
            return $"{string.Join(' ', parsed.Errors.Select(static error => error.Message))} Try '{path} --help'.";

        var mistake = parsed.UnmatchedTokens is [var unknown, ..] ? $"unknown command '{unknown}'" : "a command is missing";
        return $"{mistake}: after '{path}' comes one of {string.Join(", ", verbs.Select(static verb => verb.Name))}. Try '{path} --help'.";
    }

    private static string PathOf(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}" : "ipamctl";
}
