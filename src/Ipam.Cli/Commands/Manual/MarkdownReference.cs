using Ipam.Cli.Terminal;

namespace Ipam.Cli.Commands.Manual;

/// <summary>All commands in one Markdown document.</summary>
internal sealed class MarkdownReference(TextWriter output)
{
    private const string Head =
        """
        # ipamctl: all commands and options

        <!-- Made from the commands by 'make reference'. What is wrong here is wrong in src/Ipam.Cli. -->

        [ipamctl.md](ipamctl.md) explains the commands, and shows what they print. `man ipamctl` shows the same as this page.

        """;

    public void Write(ManualPage program)
    {
        output.WriteLine(Head);
        output.WriteLine("| command | what it does |\n|---|---|");
        foreach (var page in program.All.Skip(1))
            output.WriteLine($"| [`{page.Path}`](#{page.Path.Replace(' ', '-')}) | {Prose(page.About)} |");
        output.WriteLine("\n## Options of all commands\n");
        WriteEntries(program.Options);
        foreach (var page in program.All.Skip(1))
            WriteCommand(page);
        output.WriteLine("## Exit codes\n\n| code | meaning |\n|---|---|");
        foreach (var (code, meaning) in ExitCode.Meanings.Index())
            output.WriteLine($"| {code} | {Prose(meaning)} |");
    }

    private void WriteCommand(ManualPage page)
    {
        output.WriteLine($"## {page.Path}\n\n{Prose(page.About)}\n");
        output.WriteLine($"```\n{page.Path} {string.Join(' ', page.Synopsis)}\n```\n");
        WriteEntries([.. page.Arguments, .. page.Options]);
        if (page.Examples.Count > 0)
            output.WriteLine($"```sh\n{string.Join('\n', page.Examples)}\n```\n");
    }

    private void WriteEntries(IReadOnlyList<ManualEntry> entries)
    {
        foreach (var entry in entries)
        {
            var names = string.Join(", ", entry.Names.Select(static name => $"`{name}`"));
            var value = entry.Value.Length > 0 ? $"`{entry.Value}`" : "";
            output.WriteLine($"- {$"{names} {value}".Trim()}: {Prose(entry.Meaning)}");
        }
        if (entries.Count > 0)
            output.WriteLine();
    }

    /// <summary>Text in which nothing means anything to Markdown.</summary>
    private static string Prose(string text) =>
        string.Concat(text.ReplaceLineEndings(" ").Select(static c => c is '\\' or '`' or '*' or '_' or '<' or '|' or '#' ? $"\\{c}" : $"{c}"));
}
