using Ipam.Configuration.Reading;
using Ipam.Configuration.Tests.Support;
using Ipam.Core.Addresses;

namespace Ipam.Configuration.Tests.Reading;

/// <summary>Which addresses a configuration hands out. Each row reads: with this in <c>ipam</c>, these addresses.</summary>
public sealed class RangeTests
{
    [Theory]
    [InlineData("""
        "subnet": "10.1.0.0/24"
        """, "10.1.0.2-10.1.0.254 of 10.1.0.0/24 via 10.1.0.1")]
    [InlineData("""
        "SubNet": "10.1.0.0/24"
        """, "10.1.0.2-10.1.0.254 of 10.1.0.0/24 via 10.1.0.1")]
    [InlineData("""
        "subnet": "fd00:1::/64"
        """, "fd00:1::2-fd00:1::ffff:ffff:ffff:ffff of fd00:1::/64 via fd00:1::1")]
    [InlineData("""
        "subnet": "10.1.0.0/24", "rangeStart": "10.1.0.10", "rangeEnd": "10.1.0.20", "gateway": "10.1.0.254"
        """, "10.1.0.10-10.1.0.20 of 10.1.0.0/24 via 10.1.0.254")]
    [InlineData("""
        "subnet": "10.1.0.0/24", "rangeStart": "", "rangeEnd": "", "gateway": ""
        """, "10.1.0.2-10.1.0.254 of 10.1.0.0/24 via 10.1.0.1")]
    [InlineData("""
        "subnet": "10.1.0.0/24", "rangeStart": "10.1.0.7", "rangeEnd": "10.1.0.7"
        """, "10.1.0.7 of 10.1.0.0/24 via 10.1.0.1")]
    [InlineData("""
        "subnet": "10.1.0.0/24", "rangeEnd": "10.1.0.9", "gateway": "10.1.0.5"
        """, "10.1.0.1-10.1.0.4,10.1.0.6-10.1.0.9 of 10.1.0.0/24 via 10.1.0.5")]
    [InlineData("""
        "subnet": "10.1.0.0/24", "gateway": "192.168.0.1"
        """, "10.1.0.1-10.1.0.254 of 10.1.0.0/24 via 192.168.0.1")]
    [InlineData("""
        "subnet": "0.0.0.0/0"
        """, "0.0.0.2-255.255.255.254 of 0.0.0.0/0 via 0.0.0.1")]
    [InlineData("""
        "subnet": "::/0"
        """, "::2-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff of ::/0 via ::1")]
    public void One_subnet(string ipam, string expected) => Assert.Equal(expected, Ranges(ipam));

    [Theory]
    [InlineData("""
        "subnet": "10.1.0.4/30"
        """, "10.1.0.6 of 10.1.0.4/30 via 10.1.0.5")]
    [InlineData("""
        "subnet": "10.1.0.4/31"
        """, "10.1.0.4-10.1.0.5 of 10.1.0.4/31")]
    [InlineData("""
        "subnet": "10.1.0.4/31", "gateway": "10.1.0.4"
        """, "10.1.0.5 of 10.1.0.4/31 via 10.1.0.4")]
    [InlineData("""
        "subnet": "10.1.0.4/32"
        """, "10.1.0.4 of 10.1.0.4/32")]
    [InlineData("""
        "subnet": "10.1.0.4/32", "gateway": "10.1.0.4"
        """, "nothing of 10.1.0.4/32 via 10.1.0.4")]
    [InlineData("""
        "subnet": "fd00::4/126"
        """, "fd00::6-fd00::7 of fd00::4/126 via fd00::5")]
    [InlineData("""
        "subnet": "fd00::4/127"
        """, "fd00::4-fd00::5 of fd00::4/127")]
    [InlineData("""
        "subnet": "fd00::4/128"
        """, "fd00::4 of fd00::4/128")]
    public void Subnets_of_few_addresses(string ipam, string expected) => Assert.Equal(expected, Ranges(ipam));

    [Theory]
    [InlineData("""
        "subnet": "10.1.0.0/24", "gateway": "none"
        """, "10.1.0.1-10.1.0.254 of 10.1.0.0/24")]
    [InlineData("""
        "subnet": "fd00::/126", "gateway": "none"
        """, "fd00::1-fd00::3 of fd00::/126")]
    [InlineData("""
        "subnet": "10.1.0.4/31", "gateway": "none"
        """, "10.1.0.4-10.1.0.5 of 10.1.0.4/31")]
    [InlineData("""
        "ranges": [[{ "subnet": "10.1.0.0/29", "gateway": "none" }], [{ "subnet": "10.1.0.0/29", "gateway": "10.1.0.3" }]]
        """, "10.1.0.1-10.1.0.2,10.1.0.4-10.1.0.6 of 10.1.0.0/29 | 10.1.0.1-10.1.0.2,10.1.0.4-10.1.0.6 of 10.1.0.0/29 via 10.1.0.3")]
    public void Without_a_gateway_no_address_is_kept_back_for_one(string ipam, string expected) => Assert.Equal(expected, Ranges(ipam));

    [Theory]
    [InlineData(""" "subnet": "10.1.0.0/24", "skipEdges": true """, "10.1.0.2-10.1.0.254 of 10.1.0.0/24 via 10.1.0.1")]
    [InlineData(""" "subnet": "10.1.0.0/23", "skipEdges": true, "rangeStart": "10.1.0.255", "rangeEnd": "10.1.1.255" """, "10.1.1.1-10.1.1.254 of 10.1.0.0/23 via 10.1.0.1")]
    [InlineData(""" "subnet": "10.1.0.0/32", "skipEdges": true """, "nothing of 10.1.0.0/32")]
    [InlineData(""" "subnet": "fd00::/126", "skipEdges": true """, "fd00::2-fd00::3 of fd00::/126 via fd00::1")]
    [InlineData(""" "ranges": [[{ "subnet": "10.1.0.0/31", "skipEdges": true }, { "subnet": "10.1.4.0/31" }]] """, "10.1.0.1 of 10.1.0.0/31 or 10.1.4.0-10.1.4.1 of 10.1.4.0/31")]
    public void Edges_are_left_out_at_the_ends(string ipam, string expected) => Assert.Equal(expected, Ranges(ipam));

    [Fact]
    public void Edges_are_left_out_inside_too()
    {
        var range = IpamConfigurationReader.Read(ParsedNetwork.Of(""" "subnet": "10.1.0.0/22", "skipEdges": true """)).RangeSets[0][0];

        Assert.Equal((UInt128)(4 * 254 - 1), range.Allocatable.Size);
        Assert.All(["10.1.0.255", "10.1.1.0", "10.1.2.255"], edge => Assert.False(range.Allocatable.Contains(Address.Parse(edge))));
        Assert.All(["10.1.0.254", "10.1.1.1"], inside => Assert.True(range.Allocatable.Contains(Address.Parse(inside))));
    }

    [Theory]
    [InlineData("10.1.0.0", "10.1.0.255", "10.1.0.2-10.1.0.254 of 10.1.0.0/24 via 10.1.0.1")]
    [InlineData("10.1.0.255", "10.1.0.255", "nothing of 10.1.0.0/24 via 10.1.0.1")]
    public void Network_and_broadcast_address_are_not_handed_out_even_where_the_range_includes_them(string start, string end, string expected) =>
        Assert.Equal(expected, Ranges($"""
            "subnet": "10.1.0.0/24", "rangeStart": "{start}", "rangeEnd": "{end}"
            """));

    [Theory]
    [InlineData("10.1.0.9", "10.1.0.2-10.1.0.8,10.1.0.10-10.1.0.254")]
    [InlineData("10.1.0.64/26", "10.1.0.2-10.1.0.63,10.1.0.128-10.1.0.254")]
    [InlineData("10.1.0.77/26", "10.1.0.2-10.1.0.63,10.1.0.128-10.1.0.254")]
    [InlineData("10.1.0.3-10.1.0.250", "10.1.0.2,10.1.0.251-10.1.0.254")]
    [InlineData("10.1.0.200 - 10.1.1.7", "10.1.0.2-10.1.0.199")]
    [InlineData("10.2.0.0/16", "10.1.0.2-10.1.0.254")]
    [InlineData("fd00::/8", "10.1.0.2-10.1.0.254")]
    [InlineData("0.0.0.0/0", "nothing")]
    public void An_exclusion_is_an_address_a_prefix_or_a_range(string exclude, string left)
    {
        var expected = $"{left} of 10.1.0.0/24 via 10.1.0.1";
        Assert.Equal(expected, Ranges($"""
            "subnet": "10.1.0.0/24", "exclude": ["{exclude}"]
            """));
        Assert.Equal(expected, Ranges($$"""
            "ranges": [[{ "subnet": "10.1.0.0/24", "exclude": ["{{exclude}}"] }]]
            """));
        Assert.Equal(expected, Ranges($$"""
            "ranges": [[{ "subnet": "10.1.0.0/24" }]], "exclude": ["{{exclude}}"]
            """));
    }

    [Fact]
    public void Exclusions_of_ipam_hold_for_all_ranges_and_those_of_a_range_for_it_alone() =>
        Assert.Equal(
            "10.1.0.2-10.1.0.6 of 10.1.0.0/29 via 10.1.0.1 | 10.2.0.2,10.2.0.4-10.2.0.6 of 10.2.0.0/29 via 10.2.0.1 or 10.3.0.2-10.3.0.3,10.3.0.5-10.3.0.6 of 10.3.0.0/29 via 10.3.0.1",
            Ranges("""
                "ranges": [[{ "subnet": "10.1.0.0/29" }], [{ "subnet": "10.2.0.0/29", "exclude": ["10.2.0.3"] }, { "subnet": "10.3.0.0/29" }]],
                "exclude": ["10.3.0.4"]
                """));

    [Fact]
    public void Sets_come_from_the_runtime_then_from_the_old_keys_then_from_ranges() =>
        Assert.Equal(
            "10.3.0.2 of 10.3.0.0/30 via 10.3.0.1 | 10.1.0.2 of 10.1.0.0/30 via 10.1.0.1 | 10.2.0.2 of 10.2.0.0/30 via 10.2.0.1",
            Ranges(
                """
                "subnet": "10.1.0.0/30", "ranges": [[{ "subnet": "10.2.0.0/30" }]]
                """,
                """
                "runtimeConfig": { "ipRanges": [[{ "subnet": "10.3.0.0/30" }]] }
                """));

    [Fact]
    public void The_runtimes_ranges_are_enough_and_obey_the_exclusions() =>
        Assert.Equal("10.3.0.2,10.3.0.4-10.3.0.6 of 10.3.0.0/29 via 10.3.0.1", Ranges(
            """
            "exclude": ["10.3.0.3"]
            """,
            """
            "runtimeConfig": { "ipRanges": [[{ "subnet": "10.3.0.0/29", "vendor": "unknown keys outside ipam are left alone" }]] }
            """));

    [Fact]
    public void Sets_may_overlap_and_none_hands_out_the_gateway_of_another() =>
        Assert.Equal(
            "10.1.0.2-10.1.0.4,10.1.0.6 of 10.1.0.0/29 via 10.1.0.1 | 10.1.0.2-10.1.0.4,10.1.0.6 of 10.1.0.0/29 via 10.1.0.5",
            Ranges("""
                "ranges": [[{ "subnet": "10.1.0.0/29" }], [{ "subnet": "10.1.0.0/29", "gateway": "10.1.0.5" }]]
                """));

    [Fact]
    public void Ranges_of_one_set_may_share_a_subnet_as_long_as_they_do_not_overlap() =>
        Assert.Equal(
            "10.1.0.10-10.1.0.11 of 10.1.0.0/24 via 10.1.0.1 or 10.1.0.12-10.1.0.13 of 10.1.0.0/24 via 10.1.0.1",
            Ranges("""
                "ranges": [[{ "subnet": "10.1.0.0/24", "rangeStart": "10.1.0.10", "rangeEnd": "10.1.0.11" },
                            { "subnet": "10.1.0.0/24", "rangeStart": "10.1.0.12", "rangeEnd": "10.1.0.13" }]]
                """));

    [Theory]
    [InlineData("0.1.0")]
    [InlineData("0.2.0")]
    public void Old_results_have_room_for_one_address_of_each_family(string version)
    {
        const string oneEach = """
            "ranges": [[{ "subnet": "10.1.0.0/30" }], [{ "subnet": "fd00::/126" }]]
            """;
        Assert.Equal(2, IpamConfigurationReader.Read(ParsedNetwork.Of(oneEach, version: version)).RangeSets.Count);
        Expect.Error(
            7,
            $"CNI version {version} does not support more than 1 address per family; use 0.3.0 or newer",
            () => IpamConfigurationReader.Read(ParsedNetwork.Of(
                """
                "ranges": [[{ "subnet": "10.1.0.0/30" }], [{ "subnet": "10.2.0.0/30" }]]
                """,
                version: version)));
    }

    private static string Ranges(string ipam, string more = "") =>
        RangeSentence.Of(IpamConfigurationReader.Read(ParsedNetwork.Of(ipam, more)).RangeSets);
}
