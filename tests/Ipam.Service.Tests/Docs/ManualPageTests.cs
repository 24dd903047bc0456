using System.Diagnostics;
using System.Text.RegularExpressions;
using Ipam.Service.Options;

namespace Ipam.Service.Tests.Docs;

/// <summary>docs/ipamd.8, the page for man.</summary>
public sealed partial class ManualPageTests
{
    private static readonly string Page = RepositoryRoot.Read("docs/ipamd.8").Replace("@DATE@", "2026-01-02", StringComparison.Ordinal).Replace("@VERSION@", "0.1.0", StringComparison.Ordinal);

    [Fact]
    public void It_has_every_option_of_the_help_with_its_default()
    {
        var options = Option().Matches(Help.Text);

        Assert.InRange(options.Count, 14, 100);
        foreach (Match option in options)
        {
            var name = option.Groups["name"].Value.Replace("-", @"\-", StringComparison.Ordinal);
            var entry = Assert.Single(Page.Split("\n.TP\n"), part => part.StartsWith($@"\fB{name}\fR ", StringComparison.Ordinal) || part.StartsWith($".B {name}\n", StringComparison.Ordinal));
            if (option.Groups["default"] is { Success: true, Value: var text })
                Assert.Contains($"\nDefault: {text.Split(';')[0]}", entry, StringComparison.Ordinal);
        }
    }

    [RequiresTheory("mandoc", "groff")]
    [InlineData("mandoc", "-Tlint")]
    [InlineData("groff", "-man", "-ww", "-Tutf8", "-z")]
    public void Those_who_show_pages_have_nothing_to_warn_of(string program, params string[] arguments)
    {
        var outcome = Command.Run(new ProcessStartInfo(program, arguments), Page, Command.DefaultPatience);

        Assert.True((outcome.ExitCode, outcome.Stdout, outcome.Stderr) == (0, "", ""), outcome.ToString());
    }

    [GeneratedRegex(@"^  (?<name>--[a-z-]+)\b[^(\n]*(?:\((?<default>[^()\n]+)\))?$", RegexOptions.Multiline)]
    private static partial Regex Option();
}
