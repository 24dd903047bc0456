using EndToEnd.Support;

namespace EndToEnd.Errors;

/// <summary>Addresses that can't be had.</summary>
public sealed class RefusalTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private Site Site => service.Site;

    [Fact]
    public void When_ranges_are_exhausted_the_error_says_which_how_many_are_held_and_how_to_see_them()
    {
        var network = new NetworkConfig("exhausted") { Ipam = """ "ranges": [[{ "subnet": "10.1.0.0/29", "rangeEnd": "10.1.0.3" }, { "subnet": "10.2.0.0/30" }]] """ };
        Assert.Equal(["10.1.0.2", "10.1.0.3", "10.2.0.2"], Enumerable.Range(0, 3).Select(i => Site.Add(network, $"c{i}").Address));

        var error = Site.Add(network, "one-too-many").EnsureError(100);

        Assert.Equal("no IP addresses available in range set 0: 10.1.0.2-10.1.0.3 of 10.1.0.0/29, 10.2.0.2 of 10.2.0.0/30", error.Message);
        Assert.Contains("3 held", error.Details, StringComparison.Ordinal);
        Assert.Contains("ipamctl lease list --space exhausted", error.Details, StringComparison.Ordinal);
    }

    [Fact]
    public void When_one_of_two_families_is_exhausted_nothing_is_taken_of_the_other()
    {
        var network = new NetworkConfig("half") { Ipam = """ "ranges": [[{ "subnet": "fd00:1::/64" }], [{ "subnet": "10.1.0.0/30" }]] """ };
        var held = Site.Add(network, "first").Addresses;

        Site.Add(network, "second").EnsureError(100);

        Assert.Equal(held.Order(), Ipamctl.Addresses(Site, network).Order());
        Site.Del(network, "first").EnsureSuccess();
        Assert.Equal(2, Site.Add(network, "second").Addresses.Count);
    }

    [Fact]
    public void A_requested_address_that_is_held_is_refused_naming_the_holder()
    {
        var network = new NetworkConfig("taken");
        Site.Add(network, "holder", "IP=10.1.0.9").EnsureSuccess();

        var error = Site.Add(network, "other", "IP=10.1.0.9").EnsureError(101);

        Assert.Contains("holder", error.Message, StringComparison.Ordinal);
        Assert.Contains("ipamctl lease show 10.1.0.9", error.Details, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.1.0.1", "gateway")]
    [InlineData("10.1.0.0", "network or broadcast")]
    [InlineData("10.1.0.255", "network or broadcast")]
    [InlineData("10.1.0.77", "excluded")]
    [InlineData("10.1.0.129", "outside")]
    [InlineData("10.9.9.9", "in no configured range")]
    [InlineData("fd00::1", "in no configured range")]
    public void A_requested_address_that_is_never_handed_out_is_refused_with_the_reason(string address, string reason)
    {
        var network = new NetworkConfig("reserved")
        {
            Ipam = """ "subnet": "10.1.0.0/24", "rangeEnd": "10.1.0.128", "exclude": ["10.1.0.77"] """,
        };
        if (address.EndsWith("0.255", StringComparison.Ordinal) || address.EndsWith("0.0", StringComparison.Ordinal))
            network = network with { Ipam = """ "subnet": "10.1.0.0/24", "rangeStart": "10.1.0.0", "rangeEnd": "10.1.0.255" """ };

        var error = Site.Add(network, args: $"IP={address}").EnsureError(101);

        Assert.Contains(address, error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Empty(Ipamctl.Addresses(Site, network));
    }

    [Fact]
    public void An_interface_that_holds_an_address_is_refused_another_one()
    {
        var network = new NetworkConfig("second");
        var held = Site.Add(network).Address;

        var error = Site.Add(network, args: "IP=10.1.0.99").EnsureError(101);

        Assert.Contains(held, error.Message, StringComparison.Ordinal);
        Assert.Contains("DEL", error.Details, StringComparison.Ordinal);
        Assert.Equal([held], Ipamctl.Addresses(Site, network));
    }

    [Fact]
    public void Two_requested_addresses_of_one_range_set_are_refused()
    {
        var network = new NetworkConfig("both") { Runtime = """ "runtimeConfig": { "ips": ["10.1.0.5", "10.1.0.6"] } """ };

        Assert.Contains("10.1.0.6", Site.Add(network).EnsureError(101).Message, StringComparison.Ordinal);
        Assert.Empty(Ipamctl.Addresses(Site, network));
    }
}
