using Cni.Protocol;
using Ipam.Configuration.Ranges;
using Ipam.Configuration.Reading;
using Ipam.Configuration.Tests.Support;
using Ipam.Core.Addresses;

namespace Ipam.Configuration.Tests.Ranges;

/// <summary>Which range set each requested address goes to. Sets are 0, 1, ...; <c>any</c> means a set takes what is free.</summary>
public sealed class EntryBuilderTests
{
    private const string DualStack = """
        [[{ "subnet": "10.1.0.0/24" }], [{ "subnet": "fd00::/64" }]]
        """;

    private const string HalvesOfOneSubnet = """
        [[{ "subnet": "10.1.0.0/24", "rangeEnd": "10.1.0.99" }], [{ "subnet": "10.1.0.0/24", "rangeStart": "10.1.0.100" }]]
        """;

    private const string OneInsideTheOther = """
        [[{ "subnet": "10.1.0.0/24" }], [{ "subnet": "10.1.0.0/24", "rangeStart": "10.1.0.10", "rangeEnd": "10.1.0.19" }]]
        """;

    [Theory]
    [InlineData(DualStack, "", "any, any")]
    [InlineData(DualStack, "10.1.0.5", "10.1.0.5, any")]
    [InlineData(DualStack, "fd00::5", "any, fd00::5")]
    [InlineData(DualStack, "fd00::5 10.1.0.5", "10.1.0.5, fd00::5")]
    [InlineData(HalvesOfOneSubnet, "10.1.0.200", "any, 10.1.0.200")]
    [InlineData(HalvesOfOneSubnet, "10.1.0.200 10.1.0.5", "10.1.0.5, 10.1.0.200")]
    [InlineData(OneInsideTheOther, "10.1.0.15", "10.1.0.15, any")]
    [InlineData(OneInsideTheOther, "10.1.0.15 10.1.0.200", "10.1.0.200, 10.1.0.15")]
    [InlineData(OneInsideTheOther, "10.1.0.200 10.1.0.15", "10.1.0.200, 10.1.0.15")]
    [InlineData(OneInsideTheOther, "10.1.0.15 10.1.0.16", "10.1.0.15, 10.1.0.16")]
    public void Each_goes_to_a_set_of_its_own(string ranges, string requested, string expected) =>
        Assert.Equal(expected, Build(ranges, requested));

    [Theory]
    [InlineData("10.1.0.5", "10.1.0.5, any")]
    [InlineData("10.1.0.150", "any, 10.1.0.150")]
    [InlineData("10.1.0.220", "10.1.0.220, any")]
    [InlineData("10.1.0.220 10.1.0.221", "10.1.0.220, 10.1.0.221")]
    [InlineData("10.1.0.5 10.1.0.220", "10.1.0.5, 10.1.0.220")]
    [InlineData("10.1.0.220 10.1.0.5", "10.1.0.5, 10.1.0.220")]
    [InlineData("10.1.0.150 10.1.0.220", "10.1.0.220, 10.1.0.150")]
    [InlineData("10.1.0.5 10.1.0.6", "10.1.0.5, 10.1.0.6")]
    public void One_outside_goes_to_a_set_that_allows_it_but_one_inside_stays_inside_if_it_can(string requested, string expected) =>
        Assert.Equal(
            expected,
            Build(
                """
                [[{ "subnet": "10.1.0.0/24", "rangeEnd": "10.1.0.99", "allowOutside": true }], [{ "subnet": "10.1.0.0/24", "rangeStart": "10.1.0.100", "rangeEnd": "10.1.0.199", "allowOutside": true }]]
                """,
                requested));

    [Theory]
    [InlineData(DualStack, "10.1.0.0", "10.1.0.0, any")]
    [InlineData(HalvesOfOneSubnet, "10.1.0.255", "10.1.0.255, any")]
    [InlineData(HalvesOfOneSubnet, "10.1.0.255 10.1.0.5", "10.1.0.5, 10.1.0.255")]
    public void One_that_is_never_handed_out_goes_to_a_set_of_its_subnet_where_it_is_refused_with_the_reason(
        string ranges, string requested, string expected) => Assert.Equal(expected, Build(ranges, requested));

    [Theory]
    [InlineData(DualStack, "10.2.0.5", "requested IP address 10.2.0.5 is in no configured range; request one inside the ranges")]
    [InlineData(DualStack, "10.1.0.5 fd01::5", "requested IP address fd01::5 is in no configured range; request one inside the ranges")]
    [InlineData(DualStack, "10.1.0.5 10.1.0.6", "requested IP address 10.1.0.6 can't be had beside another one from the same range set; request one address per set")]
    [InlineData(OneInsideTheOther, "10.1.0.15 10.1.0.200 10.1.0.201", "requested IP address 10.1.0.201 can't be had beside another one from the same range set; request one address per set")]
    public void More_than_there_are_sets_for_are_refused(string ranges, string requested, string message) =>
        Expect.Error(101, message, () => Build(ranges, requested));

    [Fact]
    public void The_refusal_lists_the_ranges() =>
        Assert.Equal(
            "ranges: 10.1.0.2-10.1.0.254 of 10.1.0.0/24; fd00::2-fd00::ffff:ffff:ffff:ffff of fd00::/64",
            Assert.Throws<CniException>(() => Build(DualStack, "10.2.0.5")).Error.Details);

    private static string Build(string ranges, string requested)
    {
        var sets = IpamConfigurationReader.Read(ParsedNetwork.Of($"\"ranges\": {ranges}")).RangeSets;
        var addresses = requested.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Address.Parse).ToList();
        return string.Join(", ", EntryBuilder.Build(sets, addresses).Select(static entry => entry.Requested?.ToString() ?? "any"));
    }
}
