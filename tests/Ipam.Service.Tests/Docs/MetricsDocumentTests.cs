using System.Text.RegularExpressions;
using Ipam.Core.Addresses;
using Ipam.Core.Pools;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Docs;

/// <summary>docs/metrics.md has the metrics that there are, and no others.</summary>
public sealed partial class MetricsDocumentTests
{
    [Fact]
    public async Task The_table_is_what_the_service_shows()
    {
        using var folder = new TempFolder();
        await TestDaemon.CreatePoolAsync(folder.Combine("ipam.db"), new Pool { Name = "blue", Ranges = [new PoolRange { Subnet = Prefix.Parse("10.2.0.0/24") }] });
        // One that may lead.
        await using var daemon = await TestDaemon.StartAsync(static options => options with { NodeGoneAfter = TimeSpan.FromDays(1) }, static _ => { }, folder.Combine("ipam.db"));
        await daemon.WhenReady;
        await Wait.UntilAsync(async () => (await daemon.MetricsAsync()).Types.ContainsKey("ipamsuite_pool_addresses"), "a pool that nobody has asked for");
        (await daemon.Client.CallAsync("add", NetworkJson.Text("\"subnet\": \"10.1.0.0/24\""))).EnsureOk();
        var shown = (await daemon.MetricsAsync()).Types.Select(static metric => $"{metric.Key} {metric.Value}");

        var table = Row().Matches(RepositoryRoot.Read("docs/metrics.md")).Select(static row => $"{row.Groups["name"].Value} {row.Groups["type"].Value}");

        Assert.Equal(shown.Order(), table.Order());
    }

    [Fact]
    public void The_table_of_alerts_is_what_the_rules_have()
    {
        var rules = Alert().Matches(RepositoryRoot.Read("deploy/kubernetes/components/monitoring/prometheusrule.yaml")).Select(static rule => $"{rule.Groups["name"].Value} {rule.Groups["severity"].Value}");

        var table = AlertRow().Matches(RepositoryRoot.Read("docs/metrics.md")).Select(static row => $"{row.Groups["name"].Value} {row.Groups["severity"].Value}").ToList();

        Assert.NotEmpty(table);
        Assert.Equal(rules, table);
    }

    [GeneratedRegex(@"- alert: (?<name>\w+)\n[\s\S]*?severity: (?<severity>\w+)")]
    private static partial Regex Alert();

    [GeneratedRegex(@"^\| \[(?<name>\w+)\]\(#\w+\) \| (?<severity>\w+) \|", RegexOptions.Multiline)]
    private static partial Regex AlertRow();

    [GeneratedRegex(@"^\| `(?<name>(ipamsuite|process)_\w+)` \| (?<type>\w+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
