using System.Text.RegularExpressions;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Docs;

/// <summary>The texts in the sources that a user may meet: of each, the longest piece that doesn't vary.</summary>
internal static partial class SourceMessages
{
    private const int FewestWords = 3;

    private static readonly string[] Projects = ["src/Cni.Protocol", "src/Ipam.Core", "src/Ipam.Configuration", "src/Ipam.Stores", "src/Ipam.Service", "src/Ipam.Plugin", "src/Net.Plugin", "src/Shared"];

    /// <summary>SQL, the help, what 'ipamctl explain' answers, words for what is shown, lists, what only code meets, and the metrics, which have a page of their own.</summary>
    private static readonly string[] NotMessages =
    [
        "/Migrations/V", "/Sqlite/Reading/", "/Options/Help.cs", "/Metrics/", "/MetricsEndpoint.cs", "/RequestBytes.cs", "/CniResultFamilies.cs",
        "/Ipam.Core/Addresses/", "/Explanations/", "/Shared/CommandLine/", "/MapCells.cs", "/PoolText.cs", "/ForecastText.cs",
    ];

    private const string Punctuation = " :;,.\"'";

    public static IEnumerable<(string File, string Text)> All() =>
        from file in Projects.SelectMany(RepositoryRoot.Sources)
        where !NotMessages.Any(part => file.Contains(part, StringComparison.Ordinal))
        from text in In(RepositoryRoot.Read(file))
        select (file, text);

    public static IEnumerable<string> In(string source)
    {
        source = RawString().Replace(Comment().Replace(source, ""), "");
        foreach (Match literal in Literal().Matches(source))
        {
            var isForProgrammers = ProgrammersFault().IsMatch(source[LineStart(source, literal.Index)..literal.Index]);
            var piece = Longest(literal.Groups["text"].Value, literal.Groups["dollar"].Length > 0);
            if (!isForProgrammers && !Code().IsMatch(piece) && piece.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length >= FewestWords)
                yield return piece;
        }
    }

    /// <summary>Where the statement's line begins, or the one before it, as calls are broken behind a parenthesis.</summary>
    private static int LineStart(string source, int index)
    {
        var line = source.LastIndexOf('\n', index);
        var before = line > 0 ? source.LastIndexOf('\n', line - 1) : 0;
        return source[..line].TrimEnd().EndsWith('(') ? Math.Max(before, 0) : Math.Max(line, 0);
    }

    private static string Longest(string text, bool isInterpolated)
    {
        var unescaped = text.Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\n", " ", StringComparison.Ordinal);
        var pieces = isInterpolated || unescaped.Contains('{', StringComparison.Ordinal)
            ? Hole().Split(unescaped.Replace("{{", "\u0001", StringComparison.Ordinal).Replace("}}", "\u0002", StringComparison.Ordinal))
            : [unescaped];
        return pieces.MaxBy(static piece => piece.Length)!.Replace('\u0001', '{').Replace('\u0002', '}').Trim(Punctuation.ToCharArray());
    }

    [GeneratedRegex("//.*")]
    private static partial Regex Comment();

    [GeneratedRegex("\"\"\"[\\s\\S]*?\"\"\"")]
    private static partial Regex RawString();

    [GeneratedRegex("""(?<dollar>\$?)"(?<text>(?:[^"\\\n]|\\.)*)"(?!")""")]
    private static partial Regex Literal();

    [GeneratedRegex(@"\{[^{}]*\}?")]
    private static partial Regex Hole();

    [GeneratedRegex(@"new (Argument\w*|InvalidOperation)Exception\(")]
    private static partial Regex ProgrammersFault();

    /// <summary>SQL, iptables' rules, and what is left of an expression inside a string.</summary>
    [GeneratedRegex("^-[Am] |^(UPDATE|DELETE|SELECT|INSERT|PRAGMA) |=>|PRAGMA .*=")]
    private static partial Regex Code();
}
