using System.Text;
using Ipam.Core.Addresses;
using Ipam.Core.Ledger;
using Ipam.Service.Metrics;
using Ipam.Service.Tests.Support;

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

    private static RangeUsage Usage(string space, string first, string last, uint size, long held) =>
        new(space, new AddressRange(Address.Parse(first), Address.Parse(last)), size, held, 0);

    private static async Task<PrometheusPage> PageAsync(params RangeUsage[] usage)
    {
        using var page = new MemoryStream();
        await UsageMetrics.WriteAsync(page, usage, default);
        return PrometheusPage.Parse(Encoding.UTF8.GetString(page.ToArray()));
    }
}
