using System.Diagnostics;
using EndToEnd.Support;

namespace EndToEnd.Monitoring;

/// <summary>What Prometheus and Grafana get to see of an ipamd that works.</summary>
public sealed class MonitoringTests(BusyService service) : WholeMachineTests, IClassFixture<BusyService>
{
    [RequiresFact("prometheus", "promtool")]
    public async Task Every_expression_of_every_dashboard_finds_something()
    {
        var dashboards = Dashboard.All();
        Assert.Equal(["node.json", "overview.json", "pool.json"], dashboards.Select(static dashboard => dashboard.Name));
        Assert.Equal(dashboards.Count, dashboards.Select(static dashboard => dashboard.Uid).Distinct().Count());
        var (asked, empty) = (0, new List<string>());
        foreach (var dashboard in dashboards)
        {
            Assert.Equal(["${datasource}"], dashboard.DataSources);
            foreach (var (panel, expression) in dashboard.Expressions)
            {
                asked++;
                if (!(await service.Prometheus.QueryAsync(expression)).Any(static series => !double.IsNaN(series.Value)))
                    empty.Add($"{dashboard.Name}: {panel}: {expression}");
            }
            foreach (var (variable, label, expression) in dashboard.Variables)
            {
                if (!(await service.Prometheus.QueryAsync(expression)).Any(series => series.Labels.TryGetProperty(label, out _)))
                    empty.Add($"{dashboard.Name}: ${variable}: {expression}");
            }
        }
        Assert.True(empty.Count == 0, $"these show nothing:\n{string.Join('\n', empty)}");
        Assert.True(asked > 60, $"only {asked} expressions were found");
    }

    [RequiresFact("prometheus", "promtool")]
    public async Task Every_alert_has_something_to_compare()
    {
        var rules = await service.Prometheus.RulesAsync();
        Assert.Equal(AlertRules.Text().Split("- alert: ").Length - 1, rules.Count);
        var empty = new List<string>();
        foreach (var rule in rules)
        {
            Assert.Equal("ok", rule.GetProperty("health").GetString());
            var expression = AlertRules.WithoutThresholds(rule.GetProperty("query").GetString()!);
            if ((await service.Prometheus.QueryAsync(expression)).Count == 0)
                empty.Add($"{rule.GetProperty("name")}: {expression}");
        }
        Assert.True(empty.Count == 0, $"these can never fire:\n{string.Join('\n', empty)}");
    }

    [RequiresFact("prometheus", "promtool")]
    public async Task Only_what_is_wrong_is_told()
    {
        // The pool that is full, small as it is, and the ADDs that found it so. What only says how slow this machine is doesn't matter.
        string[] ofTheMachine = ["IpamAddsSlow", "IpamdDown"];
        var told = (await service.Prometheus.RulesAsync()).Where(static rule => rule.GetProperty("state").GetString() != "inactive").ToList();

        Assert.Equal(
            ["IpamAddsFail", "IpamPoolExhausted", "IpamPoolNearlyExhausted", "IpamRangeNearlyExhausted"],
            told.Select(static rule => rule.GetProperty("name").GetString()!).Except(ofTheMachine).Order(StringComparer.Ordinal));
        var alert = Assert.Single(told.Single(static rule => rule.GetProperty("name").GetString() == "IpamPoolExhausted").GetProperty("alerts").EnumerateArray());
        Assert.Equal($"Pool {BusyService.FullPool} has no IPv4 address left", alert.GetProperty("annotations").GetProperty("summary").GetString());
    }

    [RequiresFact("prometheus", "promtool")]
    public async Task Promtool_finds_no_fault_with_the_metrics()
    {
        var (type, text) = await service.GetAsync("/metrics", "text/plain");
        Assert.StartsWith("text/plain; version=0.0.4", type, StringComparison.Ordinal);

        var outcome = Command.Run(new ProcessStartInfo("promtool", ["check", "metrics"]), text, Command.DefaultPatience);

        Assert.True((outcome.ExitCode, outcome.Stdout, outcome.Stderr) == (0, "", ""), outcome.ToString());
    }

    [RequiresFact("prometheus", "promtool")]
    public async Task Who_asks_for_OpenMetrics_gets_it()
    {
        var (type, text) = await service.GetAsync("/metrics", "application/openmetrics-text");

        Assert.StartsWith("application/openmetrics-text; version=1.0.0", type, StringComparison.Ordinal);
        Assert.Equal(text.Length - "# EOF\n".Length, text.IndexOf("# EOF\n", StringComparison.Ordinal));
        Assert.Contains("\n# TYPE ipamsuite_commit_conflicts counter\n", text, StringComparison.Ordinal);
        Assert.Contains("\nipamsuite_pool_addresses_free{pool=\"full\",family=\"IPv4\"} 0", text, StringComparison.Ordinal);
    }
}
