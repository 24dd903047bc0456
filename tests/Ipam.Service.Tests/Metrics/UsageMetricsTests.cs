using System.Text;
using Ipam.Core.Addresses;
using Ipam.Core.Ledger;
using Ipam.Core.Pools;
using Ipam.Core.Trends;
using Ipam.Service.Metrics;
using Ipam.Service.Tests.Support;
using Prometheus;

namespace Ipam.Service.Tests.Metrics;

public sealed class UsageMetricsTests
{
    [Fact]
    public async Task Each_range_has_its_size_and_what_is_used_and_free()
    {
        var page = await PageAsync(Usage("default", "10.1.0.2", "10.1.0.254", 253, 3));

        const string labels = """{space="default",range="10.1.0.2-10.1.0.254"}""";
        Assert.Equal(253, page["ipamsuite_range_addresses" + labels]);
        Assert.Equal(3, page["ipamsuite_range_addresses_used" + labels]);
        Assert.Equal(250, page["ipamsuite_range_addresses_free" + labels]);
    }

    [Fact]
    public async Task Ranges_that_look_alike_are_shown_once_by_the_one_that_has_most()
    {
        var page = await PageAsync(
            Usage("default", "10.1.0.2", "10.1.0.254", 200, 2),
            Usage("default", "10.1.0.2", "10.1.0.254", 253, 3),
            Usage("other", "10.1.0.2", "10.1.0.254", 100, 1));

        Assert.Equal(253, page["""ipamsuite_range_addresses{space="default",range="10.1.0.2-10.1.0.254"}"""]);
        Assert.Equal(3, page["""ipamsuite_range_addresses_used{space="default",range="10.1.0.2-10.1.0.254"}"""]);
        Assert.Equal(100, page["""ipamsuite_range_addresses{space="other",range="10.1.0.2-10.1.0.254"}"""]);
    }

    [Fact]
    public async Task All_of_IPv6_has_a_size()
    {
        var page = await PageAsync(new RangeUsage("default", new AddressRange(Address.Parse("::"), Address.Parse("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")), UInt128.MaxValue, 1, 0));

        Assert.Equal(Math.Pow(2, 128), page["""ipamsuite_range_addresses{space="default",range="::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}"""]);
    }

    [Fact]
    public async Task Each_family_of_a_pool_has_its_size_and_what_is_used_and_free()
    {
        var page = await PageAsync([], [new PoolUsage("blue", "", new FamilyUsage(253, 0, 3, 240), new FamilyUsage(10, 0, 0, 10))]);

        Assert.Equal(
            (253, 3, 240),
            (page[Pool("", "blue", "IPv4")], page[Pool("_used", "blue", "IPv4")], page[Pool("_free", "blue", "IPv4")]));
        Assert.Equal((10, 0), (page[Pool("", "blue", "IPv6")], page[Pool("_used", "blue", "IPv6")]));
    }

    [Fact]
    public async Task Of_ten_thousand_pools_and_a_thousand_ranges_the_fullest_are_shown_and_how_many_are_not()
    {
        var pools = Enumerable.Range(0, 10_000).Select(static i => new PoolUsage($"p{i:0000}", "", new FamilyUsage(10_000, 0, i, (UInt128)(10_000 - i)), new FamilyUsage(10_000, 0, 0, 10_000)));
        var ranges = Enumerable.Range(0, 1000).Select(static i => Usage($"s{i:000}", "10.1.0.2", "10.1.0.254", 1000, 1000 - i));

        var page = await PageAsync([.. ranges], [.. pools]);

        Assert.Equal((9000, 750), (page["""ipamsuite_usage_left_out{kind="pool"}"""], page["""ipamsuite_usage_left_out{kind="range"}"""]));
        Assert.Equal((2 * 3 * UsageMetrics.MostPools) + (3 * UsageMetrics.MostRanges) + 2, page.Samples.Count);
        Assert.Equal(9000, page[Pool("_used", "p9000", "IPv4")]);
        Assert.False(page.Samples.ContainsKey(Pool("_used", "p8999", "IPv4")));
        Assert.Equal(751, page["""ipamsuite_range_addresses_used{space="s249",range="10.1.0.2-10.1.0.254"}"""]);
        Assert.False(page.Samples.ContainsKey("""ipamsuite_range_addresses_used{space="s250",range="10.1.0.2-10.1.0.254"}"""));
    }

    [Fact]
    public async Task A_pool_shows_when_it_will_be_exhausted_where_that_is_foreseen()
    {
        PoolUsage[] pools = [.. new[] { "soon", "late", "unknown", "unwatched" }.Select(static name => new PoolUsage(name, "", new FamilyUsage(10, 0, 1, 9), null)),
            new PoolUsage("full", "", new FamilyUsage(10, 0, 10, 0), null)];
        var page = await PageAsync([], pools, new Dictionary<string, UseForecast>
        {
            ["soon"] = new() { Outlook = Outlook.Foreseen, Within = TimeSpan.FromHours(2) },
            ["late"] = new() { Outlook = Outlook.NotForeseen, Within = TimeSpan.FromDays(20) },
            ["unknown"] = UseForecast.Unknown("a test"),
        });

        Assert.Equal(
            [(Name("full"), 0.0), (Name("soon"), 7200.0)],
            page.Samples.Where(static sample => sample.Key.StartsWith("ipamsuite_pool_exhausted_in", StringComparison.Ordinal))
                .Select(static sample => (sample.Key, sample.Value)).OrderBy(static sample => sample.Key, StringComparer.Ordinal));

        static string Name(string pool) => $$"""ipamsuite_pool_exhausted_in_seconds{pool="{{pool}}"}""";
    }

    private static string Pool(string what, string pool, string family) => $$"""ipamsuite_pool_addresses{{what}}{pool="{{pool}}",family="{{family}}"}""";

    private static RangeUsage Usage(string space, string first, string last, uint size, long held) =>
        new(space, new AddressRange(Address.Parse(first), Address.Parse(last)), size, held, 0);

    private static Task<PrometheusPage> PageAsync(params RangeUsage[] ranges) => PageAsync(ranges, []);

    private static async Task<PrometheusPage> PageAsync(RangeUsage[] ranges, PoolUsage[] pools, IReadOnlyDictionary<string, UseForecast>? forecasts = null)
    {
        using var page = new MemoryStream();
        await UsageMetrics.WriteAsync(page, ExpositionFormat.PrometheusText, ranges, pools, forecasts ?? new Dictionary<string, UseForecast>(), default);
        return PrometheusPage.Parse(Encoding.UTF8.GetString(page.ToArray()));
    }
}
