using System.Diagnostics;
using System.Text.RegularExpressions;

namespace EndToEnd.Monitoring;

/// <summary>When alerts fire: promtool judges alerts.yaml.</summary>
public sealed partial class AlertTests
{
    private const string Cases = "tests/EndToEnd/Monitoring/alerts.yaml";

    [RequiresFact("promtool")]
    public void Each_fires_when_it_should_and_not_otherwise()
    {
        using var folder = new TempFolder();
        folder.Write(AlertRules.FileName, AlertRules.Text());
        var cases = folder.Write("alerts.yaml", RepositoryRoot.Read(Cases));

        var outcome = Command.Run(new ProcessStartInfo("promtool", ["test", "rules", cases]), "", TimeSpan.FromSeconds(120));

        Assert.True(outcome.ExitCode == 0, outcome.ToString());
    }

    [Fact]
    public void Each_has_a_case_in_which_it_fires()
    {
        var alerts = Alert().Matches(AlertRules.Text()).Select(static match => match.Groups["name"].Value).ToList();
        var firing = Firing().Matches(RepositoryRoot.Read(Cases)).Select(static match => match.Groups["name"].Value);

        Assert.NotEmpty(alerts);
        Assert.Empty(alerts.Except(firing));
    }

    [Theory]
    [InlineData("up == 0", "up == bool 0")]
    [InlineData("""a{b!="1", c=~"2"} / (d > 0) < 3 and e >= -1""", """a{b!="1", c=~"2"} / (d > bool 0) < bool 3 and e >= bool -1""")]
    public void Comparisons_are_made_to_leave_nothing_out(string expression, string expected) => Assert.Equal(expected, AlertRules.WithoutThresholds(expression));

    [GeneratedRegex(@"- alert: (?<name>\w+)")]
    private static partial Regex Alert();

    [GeneratedRegex(@"alertname: (?<name>\w+)\n +exp_alerts:\n +- exp_labels:")]
    private static partial Regex Firing();
}
