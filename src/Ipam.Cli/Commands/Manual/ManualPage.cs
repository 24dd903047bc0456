using System.CommandLine;
using Ipam.Cli.Verbs;

namespace Ipam.Cli.Commands.Manual;

/// <summary>What the manual says of a command, read off the command itself.</summary>
internal sealed class ManualPage
{
    private readonly Command _command;

    private ManualPage(Command command, ManualPage? parent)
    {
        (_command, Parent) = (command, parent);
        Path = parent is null ? "ipamctl" : $"{parent.Path} {command.Name}";
        Commands = [.. command.Subcommands.Where(static sub => !sub.Hidden).Select(sub => new ManualPage(sub, this))];
    }

    /// <summary>The page of the whole program.</summary>
    public static ManualPage Of(RootCommand root) => new(root, null);

    public ManualPage? Parent { get; }

    /// <summary>The command as it is typed.</summary>
    public string Path { get; }

    /// <summary>What it does.</summary>
    public string About => _command.Description ?? "";

    /// <summary>The commands below it.</summary>
    public IReadOnlyList<ManualPage> Commands { get; }

    /// <summary>This page, and the pages of all commands below it.</summary>
    public IEnumerable<ManualPage> All => Commands.SelectMany(static page => page.All).Prepend(this);

    /// <summary>What comes after the command.</summary>
    public IReadOnlyList<string> Synopsis =>
    [
        .. Commands.Count > 0 ? ["COMMAND"] : (string[])[],
        .. _command.Arguments.Select(ManualEntry.InSynopsis),
        .. _command.Options.Where(static option => option.Required).Select(static option => $"{option.Name} {option.HelpName}"),
        "[OPTION]...",
    ];

    public IReadOnlyList<ManualEntry> Arguments => [.. _command.Arguments.Where(static argument => !argument.Hidden).Select(ManualEntry.Of)];

    /// <summary>Its own options, without those that every command has.</summary>
    public IReadOnlyList<ManualEntry> Options => [.. _command.Options.Where(static option => !option.Hidden).Select(ManualEntry.Of)];

    /// <summary>Whole command lines.</summary>
    public IReadOnlyList<string> Examples => _command is Verb verb ? verb.Examples : [];
}
