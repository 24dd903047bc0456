using Ipam.Configuration.Reading;
using Ipam.Configuration.Tests.Support;
using Ipam.Core.Pools;

namespace Ipam.Configuration.Tests.Whereabouts;

/// <summary>What an <c>ipam</c> that is written for Whereabouts means. Each row reads: this hands out that.</summary>
public sealed class WhereaboutsRangesTests
{
    [Theory]
    [InlineData("10.1.0.0/24", "10.1.0.1-10.1.0.254 of 10.1.0.0/24")]
    [InlineData("10.1.0.77/24", "10.1.0.1-10.1.0.254 of 10.1.0.0/24")]
    [InlineData("0010.001.000.00/24", "10.1.0.1-10.1.0.254 of 10.1.0.0/24")]
    [InlineData("10.1.0.8/30", "10.1.0.9-10.1.0.10 of 10.1.0.8/30")]
    [InlineData("10.1.0.8/31", "10.1.0.8-10.1.0.9 of 10.1.0.8/31")]
    [InlineData("10.1.0.8/32", "10.1.0.8 of 10.1.0.8/32")]
    [InlineData("fd00:1::5/120", "fd00:1::1-fd00:1::fe of fd00:1::/120")]
    [InlineData("fd00:1::8/127", "fd00:1::8-fd00:1::9 of fd00:1::8/127")]
    [InlineData("10.1.0.5-10.1.0.90/24", "10.1.0.5-10.1.0.90 of 10.1.0.0/24")]
    [InlineData("010.1.0.05 - 10.1.0.090/24", "10.1.0.5-10.1.0.90 of 10.1.0.0/24")]
    [InlineData("10.1.0.0-10.1.0.255/24", "10.1.0.1-10.1.0.254 of 10.1.0.0/24")]
    [InlineData("fd00:1::5-fd00:1::9/64", "fd00:1::5-fd00:1::9 of fd00:1::/64")]
    public void One_range(string range, string expected)
    {
        Means($"\"range\": \"{range}\"", expected);
        Means($"\"ipRanges\": [{{ \"range\": \"{range}\" }}]", expected);
    }

    [Theory]
    [InlineData(""" "range_start": "10.1.0.9" """, "10.1.0.9-10.1.0.254 of 10.1.0.0/24")]
    [InlineData(""" "range_end": "010.1.0.9" """, "10.1.0.1-10.1.0.9 of 10.1.0.0/24")]
    [InlineData(""" "range_start": "10.1.0.0", "range_end": "10.1.0.255" """, "10.1.0.1-10.1.0.254 of 10.1.0.0/24")]
    [InlineData(""" "range_start": "", "range_end": null, "gateway": "", "exclude": [], "ipRanges": [] """, "10.1.0.1-10.1.0.254 of 10.1.0.0/24")]
    [InlineData(""" "RANGE_START": "10.1.0.200", "exclude": ["10.1.0.210/31", "010.1.0.220", "10.1.0.230-10.1.0.239", "10.9.0.0/16"] """, "10.1.0.200-10.1.0.209,10.1.0.212-10.1.0.219,10.1.0.221-10.1.0.229,10.1.0.240-10.1.0.254 of 10.1.0.0/24")]
    [InlineData(""" "gateway": "10.1.0.1" """, "10.1.0.2-10.1.0.254 of 10.1.0.0/24 via 10.1.0.1")]
    [InlineData(""" "gateway": "10.9.0.1" """, "10.1.0.1-10.1.0.254 of 10.1.0.0/24 via 10.9.0.1")]
    public void What_stands_beside_it(string more, string expected) => Means($"\"range\": \"10.1.0.0/24\", {more}", expected);

    [Theory]
    [InlineData(""" "range": "10.3.0.0/30" """, "10.3.0.1-10.3.0.2 of 10.3.0.0/30 | 10.1.0.1-10.1.0.2 of 10.1.0.0/30 | fd00:1::1-fd00:1::2 of fd00:1::/126")]
    [InlineData(""" "gateway": "10.1.0.1" """, "10.1.0.2 of 10.1.0.0/30 via 10.1.0.1 | fd00:1::1-fd00:1::2 of fd00:1::/126")]
    [InlineData(""" "gateway": "fd00:1::2" """, "10.1.0.1-10.1.0.2 of 10.1.0.0/30 | fd00:1::1 of fd00:1::/126 via fd00:1::2")]
    [InlineData(""" "gateway": "10.9.0.1", "range": "10.3.0.0/30" """, "10.3.0.1-10.3.0.2 of 10.3.0.0/30 via 10.9.0.1 | 10.1.0.1-10.1.0.2 of 10.1.0.0/30 via 10.9.0.1 | fd00:1::1-fd00:1::2 of fd00:1::/126")]
    [InlineData(""" "exclude": ["10.1.0.1", "fd00:1::1"] """, "10.1.0.2 of 10.1.0.0/30 | fd00:1::2 of fd00:1::/126")]
    [InlineData(""" "addresses": [{ "address": "10.1.0.1/30" }, { "address": "10.8.0.9/16", "gateway": "10.8.0.1" }, { "address": "fd00:8::9/64" }] """, "10.1.0.2 of 10.1.0.0/30 | fd00:1::1-fd00:1::2 of fd00:1::/126 | 10.1.0.1 of 10.1.0.0/30 | 10.8.0.9 of 10.8.0.0/16 via 10.8.0.1 | fd00:8::9 of fd00:8::/64")]
    [InlineData(""" "exclude": ["10.8.0.0/24"], "addresses": [{ "address": "10.8.0.9/16" }] """, "10.1.0.1-10.1.0.2 of 10.1.0.0/30 | fd00:1::1-fd00:1::2 of fd00:1::/126 | 10.8.0.9 of 10.8.0.0/16")]
    public void One_address_from_each_of_several(string more, string expected) =>
        Means($$"""{{more}}, "ipRanges": [{ "range": "10.1.0.0/30" }, { "range": "fd00:1::/126" }]""", expected);

    [Fact]
    public void Addresses_alone_are_enough() => Means(""" "addresses": [{ "address": "10.8.0.9/16" }] """, "10.8.0.9 of 10.8.0.0/16");

    [Fact]
    public void The_runtimes_ranges_come_first_as_ever() =>
        Assert.Equal(
            "10.7.0.2 of 10.7.0.0/30 via 10.7.0.1 | 10.1.0.1-10.1.0.2 of 10.1.0.0/30",
            RangeSentence.Of(IpamConfigurationReader.Read(ParsedNetwork.Of("\"range\": \"10.1.0.0/30\"", "\"runtimeConfig\": { \"ipRanges\": [[{ \"subnet\": \"10.7.0.0/30\" }]] }")).RangeSets));

    [Fact]
    public void The_lowest_address_comes_first_and_blocks_are_everybodys()
    {
        var policy = Read("\"range\": \"10.1.0.0/24\"").Policy;

        Assert.Equal((AllocationOrder.Lowest, BlockAffinity.None, false), (policy.Order, policy.Affinity, policy.IsStrict));
    }

    [Theory]
    [InlineData("26")]
    [InlineData("/26")]
    public void Node_slices_are_blocks_of_nodes(string size) =>
        Assert.Equal((BlockAffinity.Node, false), Read($"\"range\": \"10.1.0.0/16\", \"node_slice_size\": \"{size}\"").Policy is var policy ? (policy.Affinity, policy.IsStrict) : default);

    [Fact]
    public void How_addresses_are_chosen_may_be_said_as_in_ipams_own_form()
    {
        var policy = Read(""" "range": "10.1.0.0/24", "order": "random", "affinity": "node", "cooldownSeconds": 9, "socket": "/run/x", "spool": "/y", "wait": 0 """).Policy;

        Assert.Equal((AllocationOrder.Random, BlockAffinity.Node, TimeSpan.FromSeconds(9)), (policy.Order, policy.Affinity, policy.Cooldown));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData(", \"network_name\": \"\"", null)]
    [InlineData(", \"network_name\": \"Tenant_A\"", "Tenant_A")]
    [InlineData(", \"network_name\": \"Tenant_A\", \"enable_overlapping_ranges\": false", "Tenant_A")]
    [InlineData(", \"enable_overlapping_ranges\": false", null)]
    public void A_network_name_is_a_space(string more, string? space) => Assert.Equal(space, Read($"\"range\": \"10.1.0.0/24\"{more}").Space);

    [Fact]
    public void Routes_and_dns_are_for_the_result()
    {
        var configuration = Read("""
            "range": "10.1.0.0/24", "routes": [{ "dst": "0.0.0.0/0", "gw": "10.1.0.9" }], "dns": { "nameservers": ["10.1.0.53"], "search": ["a.example"] }
            """);

        Assert.Equal("0.0.0.0/0", Assert.Single(configuration.Routes).Dst.ToString());
        Assert.Equal(("10.1.0.53", "a.example"), (Assert.Single(configuration.Dns!.Nameservers), Assert.Single(configuration.Dns.Search)));
    }

    [Fact]
    public void Keys_that_mean_nothing_are_named()
    {
        var configuration = Read("""
            "range": "10.1.0.0/24", "leader_lease_duration": 1, "leader_renew_deadline": 2, "leader_retry_period": 3, "log_file": "/tmp/w.log", "log_level": "debug",
            "kubernetes": { "kubeconfig": "/etc/cni/net.d/whereabouts.d/whereabouts.kubeconfig" }, "reconciler_cron_expression": "30 4 * * *", "sleep_for_race": 0,
            "datastore": "kubernetes", "etcd_host": "", "PodName": "x", "enable_overlapping_ranges": false, "configuration_path": "/x/whereabouts.conf"
            """);

        Assert.Equal(
            "kubernetes, leader_lease_duration, leader_renew_deadline, leader_retry_period, log_file, log_level, reconciler_cron_expression, sleep_for_race, datastore, etcd_host, "
            + "PodName, enable_overlapping_ranges",
            string.Join(", ", configuration.Ignored));
        Assert.Empty(Read("\"range\": \"10.1.0.0/24\", \"enable_overlapping_ranges\": true").Ignored);
    }

    private static void Means(string ipam, string expected)
    {
        Assert.Equal(expected, RangeSentence.Of(Read(ipam).RangeSets));
        Assert.Equal(expected, RangeSentence.Of(Read($"{ipam}, \"type\": \"whereabouts\"").RangeSets));
    }

    private static IpamConfiguration Read(string ipam) => IpamConfigurationReader.Read(ParsedNetwork.Of(ipam));
}
