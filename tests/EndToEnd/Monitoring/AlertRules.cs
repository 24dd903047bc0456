using System.Diagnostics;
using System.Text.RegularExpressions;

namespace EndToEnd.Monitoring;

/// <summary>The alerts, as docs/metrics.md says how to get them.</summary>
internal static partial class AlertRules
{
    /// <summary>The name that docs/metrics.md gives the file.</summary>
    public const string FileName = "ipamsuite.yaml";

    /// <summary>The file's text, as the document's command makes it.</summary>
    public static string Text()
    {
        var command = ToFile().Match(RepositoryRoot.Read("docs/metrics.md")).Groups["command"].Value;
        var outcome = Command.Run(new ProcessStartInfo("sh", ["-c", command]) { WorkingDirectory = RepositoryRoot.Folder }, "", Command.DefaultPatience);
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        return outcome.Stdout;
    }

    /// <summary>
    /// The expression with comparisons that yield 0 or 1 instead of leaving series out. It is empty only if there is no series to compare, which is what makes an alert
    /// useless.
    /// </summary>
    public static string WithoutThresholds(string expression)
    {
        var without = Comparison().Replace(expression, "$0 bool");
        Assert.NotEqual(expression, without);
        return without;
    }

    [GeneratedRegex($@"^(?<command>sed .*) > \S*/{FileName}$", RegexOptions.Multiline)]
    private static partial Regex ToFile();

    /// <summary>Before a number; those of labels stand before quotes.</summary>
    [GeneratedRegex(@"(==|!=|<=|>=|<|>)(?= *-?[0-9])")]
    private static partial Regex Comparison();
}
