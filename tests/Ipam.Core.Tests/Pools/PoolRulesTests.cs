using Ipam.Core.Addresses;
using Ipam.Core.Pools;

namespace Ipam.Core.Tests.Pools;

/// <summary>What a pool and a reservation must be.</summary>
public sealed class PoolRulesTests
{
    private static readonly Pool Good = new() { Name = "blue", Ranges = [Range("10.1.0.0/16", "10.1.0.10", "10.1.0.10", "10.1.255.255")] };

    [Fact]
    public void A_good_pool_has_no_problem() => Assert.Null(PoolRules.Check(Good));

    [Theory]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("a-b.c0")]
    public void Lower_case_subdomains_are_names(string name) => Assert.Null(PoolRules.Check(Good with { Name = name }));

    [Fact]
    public void A_name_has_at_most_253_characters()
    {
        Assert.Null(PoolRules.Check(Good with { Name = new string('a', 253) }));
        Assert.NotNull(PoolRules.Check(Good with { Name = new string('a', 254) }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Blue")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a.-b")]
    [InlineData("a_b")]
    [InlineData("blü")]
    public void Other_names_are_refused(string name)
    {
        Assert.Contains($"\"{name}\" is no name for a pool", PoolRules.Check(Good with { Name = name }), StringComparison.Ordinal);
        Assert.Contains("no name for a reservation", ReservationRules.Check(new Reservation { Name = name, Addresses = [] }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("default", true)]
    [InlineData("A.b_c-9", true)]
    [InlineData("", false)]
    [InlineData("_a", false)]
    [InlineData("a b", false)]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234", false)]
    public void A_space_is_named_as_in_the_configuration(string space, bool isGood) =>
        Assert.Equal(isGood, PoolRules.Check(Good with { Space = space }) is null);

    [Fact]
    public void A_pool_has_a_range() => Assert.Contains("the pool has no range", PoolRules.Check(Good with { Ranges = [] }), StringComparison.Ordinal);

    [Theory]
    [InlineData("10.1.0.1/16", null, null, null, "Network has host bits set. For a subnet mask of length 16 the network address is 10.1.0.0")]
    [InlineData("10.1.0.0/16", "10.2.0.0", null, null, "rangeStart 10.2.0.0 is not in subnet 10.1.0.0/16, which goes from 10.1.0.0 to 10.1.255.255")]
    [InlineData("10.1.0.0/16", null, "10.0.255.255", null, "rangeEnd 10.0.255.255 is not in subnet")]
    [InlineData("10.1.0.0/16", null, "fd00::1", null, "rangeEnd fd00::1 is not of the subnet's address family")]
    [InlineData("10.1.0.0/16", null, null, "10.2.0.1", "gateway 10.2.0.1 is not in subnet")]
    [InlineData("fd00::/64", null, null, "10.2.0.1", "gateway 10.2.0.1 is not of the subnet's address family")]
    [InlineData("10.1.0.0/16", "10.1.0.9", "10.1.0.8", null, "rangeStart 10.1.0.9 comes after rangeEnd 10.1.0.8")]
    public void A_range_lies_in_its_subnet(string subnet, string? first, string? last, string? gateway, string problem) => Assert.Contains(
        "range 1: " + problem, PoolRules.Check(Good with { Ranges = [Good.Ranges[0], Range(subnet, first, last, gateway)] }), StringComparison.Ordinal);

    [Theory]
    [InlineData(0, true)]
    [InlineData(30 * 86_400, true)]
    [InlineData(30 * 86_400 + 1, false)]
    [InlineData(-1, false)]
    [InlineData(0.5, false)]
    public void An_address_rests_whole_seconds_and_30_days_at_most(double seconds, bool isGood) => Assert.Equal(
        isGood, PoolRules.Check(Good with { Policy = new AllocationPolicy { Cooldown = TimeSpan.FromSeconds(seconds) } }) is null);

    [Fact]
    public void A_route_has_a_gateway_of_its_own_family()
    {
        Assert.Null(PoolRules.Check(Good with { Routes = [new PoolRoute(Prefix.Parse("::/0"), null)] }));
        Assert.Contains("gateway of another address family",
            PoolRules.Check(Good with { Routes = [new PoolRoute(Prefix.Parse("::/0"), Address.Parse("10.1.0.1"))] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_in_lists_are_not_empty()
    {
        Assert.Contains("namespaces has an empty name", PoolRules.Check(Good with { Namespaces = [""] }), StringComparison.Ordinal);
        Assert.Contains("nodeSelector.nodes has an empty name", PoolRules.Check(Good with { NodeSelector = new() { Nodes = ["a", ""] } }), StringComparison.Ordinal);
        Assert.Contains("nodeSelector.labels has an empty name",
            PoolRules.Check(Good with { NodeSelector = new() { Labels = new Dictionary<string, string> { [""] = "a" } } }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reservation_has_an_address()
    {
        var address = Address.Parse("10.1.0.1");
        Assert.Null(ReservationRules.Check(new Reservation { Name = "a", Addresses = [new AddressRange(address, address)] }));
        Assert.Contains("the reservation has no address", ReservationRules.Check(new Reservation { Name = "a", Addresses = [] }), StringComparison.Ordinal);
        Assert.Contains("is no name", ReservationRules.Check(new Reservation { Name = "a", Space = "", Addresses = [] }), StringComparison.Ordinal);
    }

    private static PoolRange Range(string subnet, string? first, string? last, string? gateway) => new()
    {
        Subnet = Prefix.Parse(subnet),
        First = first is null ? null : Address.Parse(first),
        Last = last is null ? null : Address.Parse(last),
        Gateway = gateway is null ? null : Address.Parse(gateway),
    };
}
