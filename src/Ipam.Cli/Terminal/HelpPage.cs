namespace Ipam.Cli.Terminal;

/// <summary>Writes sections of rows. Of two columns the second is folded to fit into lines; a row of one is not, as it may be meant to be pasted.</summary>
/// <param name="output">Where to.</param>
/// <param name="width">How many characters fit into a line.</param>
internal sealed class HelpPage(TextWriter output, int width)
{
    private const string Margin = "  ";
    private const int LeastSecondColumn = 30;

    /// <summary>Writes a section, if there is anything in it.</summary>
    public void Write(string title, IReadOnlyList<HelpRow> rows)
    {
        if (rows.Count == 0)
            return;
        output.WriteLine(title);
        var first = 0;
        foreach (var row in rows)
        {
            if (row.Second is not null)
                first = Math.Max(first, row.First.Length);
        }
        // Where the first column leaves no room, what it says of a row stands below.
        var indent = Math.Min(first + (2 * Margin.Length), Math.Max(4 * Margin.Length, width - LeastSecondColumn));
        foreach (var row in rows)
            Write(row, indent);
        output.WriteLine();
    }

    /// <summary>Writes a section that is a text.</summary>
    public void Write(string title, string text)
    {
        output.WriteLine(title);
        foreach (var line in Folded(text, width - Margin.Length))
            output.WriteLine($"{Margin}{line}");
        output.WriteLine();
    }

    private void Write(HelpRow row, int indent)
    {
        if (row.Second is null)
        {
            output.WriteLine($"{Margin}{row.First}");
            return;
        }
        var start = $"{Margin}{row.First}";
        if (start.Length + Margin.Length > indent)
        {
            output.WriteLine(start);
            start = "";
        }
        foreach (var line in Folded(row.Second, width - indent))
        {
            output.WriteLine($"{start.PadRight(indent)}{line}");
            start = "";
        }
    }

    /// <summary>The lines of a text, none of them longer than this if words allow it.</summary>
    private static IEnumerable<string> Folded(string text, int most)
    {
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var rest = line;
            while (rest.Length > most && (rest.LastIndexOf(' ', most) is > 0 and var end || (end = rest.IndexOf(' ', StringComparison.Ordinal)) > 0))
            {
                yield return rest[..end];
                rest = rest[(end + 1)..];
            }
            yield return rest;
        }
    }
}

/// <summary>A row of a section.</summary>
/// <param name="First">The first column, or all of the row.</param>
/// <param name="Second">The second column; null if there is none.</param>
internal sealed record HelpRow(string First, string? Second = null);
