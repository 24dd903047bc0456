using Ipam.Cli.Tests.Support;
using Ipam.Core.Pools;
using Ipam.Core.Trends;

namespace Ipam.Cli.Tests.Pools;

public sealed class PoolListTests : CatalogTest
{
    /// <summary>Keeps how a pool was used in the last 200 hours.</summary>
    private async Task KeepAsync(string pool, Func<int, double> used)
    {
        var trend = new PoolTrend();
        for (var hour = 0; hour <= 200; hour++)
            trend.Record(Some.Noon.AddHours(hour - 200), new PoolUsage(pool, "", new FamilyUsage(253, 0, (long)used(hour), 0), null));
        await using var store = await StoreContent.OpenAsync(DatabaseFile);
        await store.Trends.PutAsync(pool, trend.ToText(), default);
    }

    [Fact]
    public async Task Each_pool_is_a_row_with_what_is_used_of_it()
    {
        await DoAsync("pool", "create", "green", "--range", "10.2.0.0/24,rangeStart=10.2.0.10,rangeEnd=10.2.0.13", "--space", "shop", "--disabled");
        await DoAsync("pool", "create", "blue", "--range", "10.1.0.0/24", "--range", "fd00::/120");
        await GiveAsync(Some.Lease("10.1.0.9"), Some.Lease("10.1.0.200"), Some.Lease("fd00::9"), Some.Lease("10.2.0.10", space: "shop"), Some.Lease("10.2.0.11"));

        Assert.Equal(
            """
            NAME   SPACE    RANGES                  USED  FREE     USED%    STATE     AGE  FULL IN
            blue   default  10.1.0.0/24,fd00::/120  2/1   251/253  0.7/0.3  enabled   5m   ?
            green  shop     10.2.0.10-10.2.0.13     1     3        25.0     disabled  5m   ?

            """, await DoAsync("pool", "list"));
    }

    [Fact]
    public async Task Without_pools_there_is_but_the_heading() =>
        Assert.Equal("NAME  SPACE  RANGES  USED  FREE  USED%  STATE  AGE  FULL IN\n", await DoAsync("pool", "list"));

    [Fact]
    public async Task Wide_shows_all_ranges_and_the_policy()
    {
        await DoAsync("pool", "create", "blue",
            "--range", "10.1.0.0/29", "--range", "10.1.1.0/29", "--range", "10.1.2.0/29", "--range", "10.1.3.0/29",
            "--order", "random", "--affinity", "node", "--strict", "--cooldown", "90", "--node", "a", "--node", "b", "--node-label", "disk=fast", "--namespace", "lab",
            "--namespace-label", "tier=gold", "--pod-label", "app=web", "--pod-label", "x=y", "--network", "pods", "--quota", "lab=5", "--quota", "*=2");

        Assert.Contains(" 10.1.0.0/29,10.1.1.0/29,+2 ", await DoAsync("pool", "list"), StringComparison.Ordinal);
        Assert.Equal(
            """
            NAME  SPACE    RANGES                                           USED  FREE  USED%  STATE    AGE  FULL IN  SIZE  RESERVED  ORDER   AFFINITY  STRICT  COOLDOWN  STICKY  NODES  NODE LABELS  NAMESPACES  NAMESPACE LABELS  POD LABELS   NETWORKS  QUOTAS     CREATED
            blue  default  10.1.0.0/29,10.1.1.0/29,10.1.2.0/29,10.1.3.0/29  0     20    0.0    enabled  5m   ?        20    0         random  node      yes     90s       no      a,b    disk=fast    lab         tier=gold         app=web,x=y  pods      lab=5,*=2  2026-03-04T12:00:00Z

            """, await DoAsync("pool", "list", "-o", "wide"));
    }

    [Fact]
    public async Task What_grows_shows_when_it_will_be_full()
    {
        foreach (var name in new[] { "blue", "green", "grey" })
            await DoAsync("pool", "create", name, "--range", "10.1.0.0/24");
        await GiveAsync([.. Enumerable.Range(0, 120).Select(static number => Some.Lease($"10.1.0.{number + 2}"))]);
        await KeepAsync("blue", static hour => 120 - (200 - hour) / 2.0);
        await KeepAsync("green", static _ => 120);

        Assert.Equal(
            """
            NAME   SPACE    RANGES       USED  FREE  USED%  STATE    AGE  FULL IN
            blue   default  10.1.0.0/24  120   133   47.4   enabled  5m   11d
            green  default  10.1.0.0/24  120   133   47.4   enabled  5m   8d+
            grey   default  10.1.0.0/24  120   133   47.4   enabled  5m   ?

            """, await DoAsync("pool", "list"));
        Assert.Equal("blue\n", await DoAsync("pool", "list", "--full-within", "12d", "-o", "name"));
        Assert.Equal("", await DoAsync("pool", "list", "--full-within", "7d", "-o", "name"));
        var card = await DoAsync("pool", "show", "blue");
        Assert.Matches("\nFULL IN +about 11d \\(1[01]d to 1[12]d\\)\nCOURSE +\\+12 a day; swings by [01] within a day\n", card);
        Assert.Matches("\nFULL IN +not known: its use has been watched for 0 hours", await DoAsync("pool", "show", "grey"));
        Assert.Contains("\"outlook\": \"foreseen\"", await DoAsync("pool", "show", "blue", "-o", "json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Yaml_has_the_pool_as_its_document_has_it()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.1.0.0/24,exclude=10.1.0.8/31", "--node-label", "true=yes");

        Assert.Equal(
            """
            - name: "blue"
              space: "default"
              ranges:
              - subnet: "10.1.0.0/24"
                rangeStart: null
                rangeEnd: null
                gateway: null
                exclude:
                - "10.1.0.8-10.1.0.9"
                skipEdges: false
                allowOutside: false
              routes: []
              order: "next"
              affinity: null
              strict: false
              cooldownSeconds: 0
              reuseResting: false
              sticky: false
              nodeSelector:
                nodes: []
                labels:
                  "true": "yes"
              namespaces: []
              namespaceSelector:
                labels: {}
              podSelector:
                labels: {}
              networks: []
              quotas: {}
              disabled: false
              status:
                size: 251
                reserved: 0
                used: 0
                free: 251
                families:
                - family: "IPv4"
                  size: 251
                  reserved: 0
                  used: 0
                  free: 251
                  usedPercent: "0.0"
                forecast:
                  outlook: "unknown"
                  withinSeconds: 0
                  earliestSeconds: 0
                  latestSeconds: 0
                  perDay: "0"
                  dailySwing: 0
                  weeklySwing: 0
                  why: "its use has been watched for 0 hours, and 96 are needed to know what a day is like"
                createdAt: "2026-03-04T12:00:00Z"

            """, await DoAsync("pool", "list", "-o", "yaml"));
    }

    [Fact]
    public async Task What_is_reserved_is_neither_used_nor_free()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.1.0.0/28");
        await GiveAsync(Some.Lease("10.1.0.5"), Some.Lease("10.1.0.9"));
        await DoAsync("reservation", "add", "10.1.0.9-10.1.0.10", "--space", "other");
        Assert.Contains(" 2     11    15.3 ", await DoAsync("pool", "list"), StringComparison.Ordinal);

        await RunAsync("reservation", "add", "10.1.0.8-10.1.0.10", "10.1.0.10-10.1.0.11");

        Assert.Contains(" 1     8     11.1 ", await DoAsync("pool", "list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ranges_that_overlap_are_counted_once()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.1.0.0/24", "--range", "10.1.0.0/25,gateway=10.1.0.1", "--range", "10.1.0.0/24,rangeStart=10.1.0.250");
        await GiveAsync(Some.Lease("10.1.0.9"), Some.Lease("10.1.0.252"));

        // The broadcast address of the /25 is one that the /24 hands out.
        Assert.Contains(" 2     251   0.7 ", await DoAsync("pool", "list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_of_ipv6_are_exact()
    {
        await DoAsync("pool", "create", "blue", "--range", "fd00::/48");
        await GiveAsync(Some.Lease("fd00::9"));

        Assert.Contains("\"free\": 1208925819614629174706173,", await DoAsync("pool", "list", "-o", "json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_a_full_pool_is_used_by_the_hundred()
    {
        await DoAsync("pool", "create", "full", "--range", "10.1.0.0/29");
        await GiveAsync([.. Enumerable.Range(2, 5).Select(static last => Some.Lease($"10.1.0.{last}"))]);

        Assert.Contains(" 5     0     100.0  enabled", await DoAsync("pool", "list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pool_without_addresses_has_no_percentage()
    {
        await DoAsync("pool", "create", "none", "--range", "10.1.0.0/30,exclude=10.1.0.2");

        Assert.Contains(" 0     0     -      enabled", await DoAsync("pool", "list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_space_leaves_only_its_pools()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.1.0.0/28");
        await DoAsync("pool", "create", "red", "--range", "10.1.0.0/28", "--space", "shop");

        Assert.DoesNotContain("blue", await DoAsync("pool", "list", "--space", "shop"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_space_that_there_is_not_is_said()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.1.0.0/28");

        var outcome = await RunAsync("pool", "list", "--space", "defualt", "-o", "json");

        Assert.Equal((3, "[]\n"), (outcome.ExitCode, outcome.Output));
        Assert.Contains("there is no space 'defualt' in ", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(3, (await RunAsync("reservation", "list", "--space", "defualt")).ExitCode);
        Assert.Equal(0, (await RunAsync("reservation", "list", "--space", "default")).ExitCode);
    }
}
