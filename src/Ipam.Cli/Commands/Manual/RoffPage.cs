using System.Globalization;
using Ipam.Cli.Terminal;

namespace Ipam.Cli.Commands.Manual;

/// <summary>A page for <c>man</c>, in section 1.</summary>
internal sealed class RoffPage(ManualPage page, TextWriter output)
{
    /// <summary>Its name among pages, as git has them: <c>ipamctl-lease-list</c>.</summary>
    public static string NameOf(ManualPage page) => page.Path.Replace(' ', '-');

    public void Write(DateTimeOffset date)
    {
        var name = NameOf(page);
        output.WriteLine($@".TH {RoffText.Of(name.ToUpperInvariant())} 1 {date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} ""IpamSuite {ProgramVersion.Text}"" ""IpamSuite""");
        output.WriteLine($@".SH NAME{'\n'}{RoffText.Of(name)} \- {RoffText.Of(FirstSentence(page.About))}");
        output.WriteLine($".SH SYNOPSIS\n{RoffText.Bold(page.Path)} {string.Join(' ', page.Synopsis.Select(RoffText.Of))}");
        output.WriteLine(".SH DESCRIPTION");
        WriteProse(page.About);
        WriteEntries("COMMANDS", page.Commands.Select(static command => (RoffText.Bold(command.Path), command.About)));
        WriteEntries("ARGUMENTS", page.Arguments.Select(static entry => (RoffText.Italic(entry.Value), entry.Meaning)));
        WriteEntries("OPTIONS", page.Options.Concat(page.Parent is null ? [] : Program.Options).Select(static entry => (TagOf(entry), entry.Meaning)));
        WriteEntries("EXIT STATUS", ExitCode.Meanings.Select(static (meaning, code) => (RoffText.Bold(code.ToString(CultureInfo.InvariantCulture)), meaning)));
        if (page.Examples.Count > 0)
            output.WriteLine($".SH EXAMPLES\n.EX\n{string.Join('\n', page.Examples.Select(RoffText.Of))}\n.EE");
        output.WriteLine($".SH SEE ALSO\n{string.Join(",\n", Others().Select(static other => $"{RoffText.Bold(other.Name)}({other.Section})"))}");
    }

    private ManualPage Program => page.Parent is { } parent ? parent.Parent ?? parent : page;

    private static string TagOf(ManualEntry entry) =>
        $"{string.Join(", ", entry.Names.Select(RoffText.Bold))} {(entry.Value.Length > 0 ? RoffText.Italic(entry.Value) : "")}".TrimEnd();

    private static string FirstSentence(string text) => text.ReplaceLineEndings(" ").Split(". ")[0].TrimEnd('.');

    private IEnumerable<(string Name, int Section)> Others()
    {
        if (page.Parent is { } parent)
            yield return (NameOf(parent), 1);
        foreach (var command in page.Commands)
            yield return (NameOf(command), 1);
        yield return ("ipamd", 8);
    }

    private void WriteEntries(string title, IEnumerable<(string Tag, string Meaning)> entries)
    {
        var isFirst = true;
        foreach (var (tag, meaning) in entries)
        {
            output.WriteLine(isFirst ? $".SH {title}\n.TP\n{tag}" : $".TP\n{tag}");
            WriteProse(meaning);
            isFirst = false;
        }
    }

    /// <summary>Words in short lines.</summary>
    private void WriteProse(string text)
    {
        const int mostCharacters = 78;
        var line = "";
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(RoffText.Of))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > mostCharacters)
            {
                output.WriteLine(line);
                line = "";
            }
            line += line.Length == 0 ? word : $" {word}";
        }
        output.WriteLine(line);
    }
}
