using System.Text.RegularExpressions;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Docs;

/// <summary>Links between the documents lead somewhere.</summary>
public sealed partial class LinkTests
{
    /// <summary>All of them.</summary>
    public static TheoryData<string> Documents =>
        [.. Directory.GetFiles(RepositoryRoot.Folder, "*.md").Concat(Directory.GetFiles(RepositoryRoot.PathOf("docs"), "*.md")).Select(static path => Path.GetRelativePath(RepositoryRoot.Folder, path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_lead_to_files_and_headings_that_are_there(string path)
    {
        foreach (Match link in Link().Matches(RepositoryRoot.Read(path)))
        {
            var target = link.Groups["target"].Value;
            if (target.StartsWith("https://", StringComparison.Ordinal))
                continue;
            var parts = target.Split('#');
            var file = parts[0].Length == 0 ? path : Path.Combine(Path.GetDirectoryName(path)!, parts[0]);
            Assert.True(Path.Exists(Path.Combine(RepositoryRoot.Folder, file)), $"{path}: {target}");
            if (parts.Length == 2)
                Assert.True(Anchors(RepositoryRoot.Read(file)).Contains(parts[1]), $"{path}: {target}: no such heading");
        }
    }

    [Fact]
    public void Runbooks_of_alerts_lead_to_the_alerts_own_headings()
    {
        var rules = RepositoryRoot.Read("deploy/kubernetes/components/monitoring/prometheusrule.yaml").Split("- alert: ")[1..];
        Assert.NotEmpty(rules);
        foreach (var rule in rules)
        {
            var runbook = Runbook().Match(rule);
            var name = rule.Split('\n')[0];
            Assert.Equal(name.ToLowerInvariant(), runbook.Groups["anchor"].Value);
            Assert.True(Anchors(RepositoryRoot.Read(runbook.Groups["file"].Value)).Contains(runbook.Groups["anchor"].Value), $"{name}: {runbook.Value}: no such heading");
        }
    }

    /// <summary>As GitHub makes them of headings.</summary>
    private static HashSet<string> Anchors(string text) =>
        [.. Heading().Matches(text).Select(static heading => NotInAnchor().Replace(heading.Groups["text"].Value.ToLowerInvariant(), "").Replace(' ', '-'))];

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("runbook_url: https://github.com/ipamsuite/ipamsuite/blob/main/(?<file>[^#\\s]+)#(?<anchor>\\S+)")]
    private static partial Regex Runbook();

    [GeneratedRegex("^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("[^a-z0-9 _-]")]
    private static partial Regex NotInAnchor();
}
