using System.Text.RegularExpressions;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Docs;

/// <summary>docs/metrics.md has the metrics that there are, and no others.</summary>
public sealed partial class MetricsDocumentTests
{
    [Fact]
    public async Task The_table_is_what_the_service_shows()
    {
        await using var daemon = await TestDaemon.StartAsync();
        (await daemon.Client.CallAsync("add", NetworkJson.Text("\"subnet\": \"10.1.0.0/24\""))).EnsureOk();
        var shown = (await daemon.MetricsAsync()).Types.Select(static metric => $"{metric.Key} {metric.Value}");

        var table = Row().Matches(RepositoryRoot.Read("docs/metrics.md")).Select(static row => $"{row.Groups["name"].Value} {row.Groups["type"].Value}");

        Assert.Equal(shown.Order(), table.Order());
    }

    [GeneratedRegex(@"^\| `(?<name>ipamsuite_\w+)` \| (?<type>\w+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
