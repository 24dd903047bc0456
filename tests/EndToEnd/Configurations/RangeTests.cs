using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EndToEnd.Support;

namespace EndToEnd.Configurations;

/// <summary>Ranges, sets of them, and where they come from.</summary>
public sealed class RangeTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private Site Site => service.Site;

    [Theory]
    [InlineData("10.5.0.7/32", "10.5.0.7")]
    [InlineData("10.5.0.8/31", "10.5.0.8 10.5.0.9")]
    [InlineData("10.5.0.8/30", "10.5.0.10")]
    [InlineData("10.5.0.8/29", "10.5.0.10 10.5.0.11 10.5.0.12 10.5.0.13 10.5.0.14")]
    [InlineData("255.255.255.248/29", "255.255.255.250 255.255.255.251 255.255.255.252 255.255.255.253 255.255.255.254")]
    [InlineData("fd00:5::7/128", "fd00:5::7")]
    [InlineData("fd00:5::8/127", "fd00:5::8 fd00:5::9")]
    [InlineData("fd00:5::8/126", "fd00:5::a fd00:5::b")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffc/126", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    public void A_small_subnet_is_handed_out_to_its_last_address(string subnet, string addresses)
    {
        var network = Network(subnet, $$""" "subnet": "{{subnet}}" """);
        var expected = addresses.Split(' ');

        Assert.Equal(expected, expected.Select((_, i) => Site.Add(network, $"c{i}").Address));
        Site.Add(network, "one-too-many").EnsureError(100);
    }

    [Theory]
    [InlineData(""" "subnet": "10.1.0.0/24", "rangeStart": "10.1.0.60", "rangeEnd": "10.1.0.70", "exclude": ["10.1.0.61-10.1.0.66", "10.1.0.68/31"] """, "10.1.0.60 10.1.0.67 10.1.0.70")]
    [InlineData(""" "subnet": "10.1.0.0/29", "gateway": "10.1.0.4" """, "10.1.0.1 10.1.0.2 10.1.0.3 10.1.0.5 10.1.0.6")]
    [InlineData(""" "subnet": "fd00:1::/64", "rangeStart": "fd00:1::ffff:ffff:ffff:fffe" """, "fd00:1::ffff:ffff:ffff:fffe fd00:1::ffff:ffff:ffff:ffff")]
    [InlineData(""" "ranges": [[{ "subnet": "10.1.0.0/30" }, { "subnet": "10.2.0.0/24", "rangeStart": "10.2.0.9", "rangeEnd": "10.2.0.10" }, { "subnet": "10.3.0.0/30" }]] """, "10.1.0.2 10.2.0.9 10.2.0.10 10.3.0.2")]
    public void Ranges_are_used_up_in_order_without_gateways_and_exclusions(string ipam, string addresses)
    {
        var network = Network(ipam, ipam);
        var expected = addresses.Split(' ');

        Assert.Equal(expected, expected.Select((_, i) => Site.Add(network, $"c{i}").Address));
        Site.Add(network, "one-too-many").EnsureError(100);
    }

    [Fact]
    public void Sets_follow_host_locals_order_runtimeConfig_then_the_single_range_then_ranges()
    {
        var network = new NetworkConfig("order-of-sets")
        {
            Ipam = """ "subnet": "10.2.0.0/24", "ranges": [[{ "subnet": "10.3.0.0/24" }], [{ "subnet": "fd00:3::/64" }]] """,
            Runtime = """ "runtimeConfig": { "ipRanges": [[{ "subnet": "10.1.0.0/24" }]] } """,
        };

        Assert.Equal(["10.1.0.2", "10.2.0.2", "10.3.0.2", "fd00:3::2"], Site.Add(network).Addresses);
    }

    [Fact]
    public void Without_a_gateway_the_first_address_is_a_containers_and_the_result_has_no_gateway_and_no_route()
    {
        var network = Network("no-gateway", """ "subnet": "10.1.0.0/30", "gateway": "none" """);

        var first = JsonText.Compact(Site.Add(network, "first").EnsureSuccess().Stdout);

        Assert.Contains("""{"address":"10.1.0.1/30"}""", first, StringComparison.Ordinal);
        Assert.DoesNotContain("routes", first, StringComparison.Ordinal);
        Assert.Equal("10.1.0.2", Site.Add(network, "second").Address);
        Site.Add(network, "third").EnsureError(100);
    }

    [Fact]
    public void Edges_that_are_skipped_are_handed_out_to_nobody_not_even_on_request()
    {
        var network = Network("edges", """ "subnet": "10.1.0.0/23", "rangeStart": "10.1.0.253", "rangeEnd": "10.1.1.2", "skipEdges": true """);

        Assert.Equal(["10.1.0.253", "10.1.0.254", "10.1.1.1"], Enumerable.Range(0, 3).Select(i => Site.Add(network, $"c{i}").Address));
        Site.Add(network with { Runtime = """ "runtimeConfig": { "ips": ["10.1.0.255"] } """ }, "asks").EnsureError(101);
        Assert.Equal("10.1.1.2", Site.Add(network, "last").Address);
        Site.Add(network, "one-too-many").EnsureError(100);
    }

    [Fact]
    public void The_prefix_length_and_the_gateway_are_those_of_the_range_that_had_room()
    {
        var network = new NetworkConfig("of-the-range")
        {
            Ipam = """ "ranges": [[{ "subnet": "10.1.0.0/30" }, { "subnet": "10.2.0.0/16", "gateway": "10.2.9.9" }]] """,
        };
        Site.Add(network, "first").EnsureSuccess();

        Assert.Contains(
            """{"address":"10.2.0.1/16","gateway":"10.2.9.9"}""",
            JsonText.Compact(Site.Add(network, "second").EnsureSuccess().Stdout),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Pools_give_one_address_of_each_family_from_the_first_of_them_with_room()
    {
        Assert.Equal(0, Ipamctl.TryRun(Site, "pool", "create", "first", "--range", "10.1.0.0/30", "--range", "fd00:1::/64", "--space", "per-family").ExitCode);
        Assert.Equal(0, Ipamctl.TryRun(Site, "pool", "create", "second", "--range", "10.2.0.0/30", "--range", "fd00:2::/64", "--space", "per-family").ExitCode);
        var network = new NetworkConfig("per-family") { Ipam = """ "pools": ["first", "second"] """ };

        Assert.Equal(["10.1.0.2", "fd00:1::2"], Site.Add(network, "c1").Addresses);
        Assert.Equal(["10.2.0.2", "fd00:1::3"], Site.Add(network, "c2").Addresses);
        Site.Add(network, "c3").EnsureError(100);
        Site.Del(network, "c1").EnsureSuccess();
        Assert.Equal(["10.1.0.2", "fd00:1::4"], Site.Add(network, "c3").Addresses);
    }

    [Fact]
    public void Two_networks_in_one_space_never_share_an_address_though_their_ranges_overlap()
    {
        var wide = new NetworkConfig("wide") { Space = "shared", Ipam = """ "subnet": "10.1.0.0/28" """ };
        var narrow = new NetworkConfig("narrow")
        {
            Space = "shared",
            Ipam = """ "subnet": "10.1.0.0/24", "rangeStart": "10.1.0.5", "rangeEnd": "10.1.0.20", "order": "lowest" """,
        };

        var addresses = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            foreach (var network in (NetworkConfig[])[wide, narrow])
            {
                var outcome = Site.Add(network, $"{network.Name}-{i}");
                if (outcome.Succeeded)
                    addresses.Add(outcome.Address);
                else
                    outcome.EnsureError(100);
            }
        }

        Assert.Equal(
            Enumerable.Range(2, 19).Select(static i => $"10.1.0.{i}"),
            addresses.OrderBy(static address => int.Parse(address.Split('.')[3], CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void The_same_address_is_free_in_another_space()
    {
        var network = new NetworkConfig("here") { Ipam = """ "subnet": "10.1.0.4/32" """ };

        Assert.Equal("10.1.0.4", Site.Add(network).Address);
        Assert.Equal("10.1.0.4", Site.Add(new NetworkConfig("there") { Ipam = network.Ipam }).Address);
        Assert.Equal("10.1.0.4", Site.Add(network with { Name = "default-space", Space = null }).Address);
        Site.Add(network with { Name = "also-here" }).EnsureError(100);
    }

    /// <summary>A network of its own for each row.</summary>
    private static NetworkConfig Network(string row, string ipam) =>
        new($"n{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(row)))[..12]}") { Ipam = ipam };
}
