using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Verbs;

/// <summary>Why an ADD gets no address, and what the error says about it.</summary>
public sealed class AddVerbTests(DaemonFixture service) : IClassFixture<DaemonFixture>
{
    [Fact]
    public async Task A_range_without_any_address_is_the_configurations_fault()
    {
        var error = (await AddAsync("a", """
            "subnet": "10.1.0.0/30", "exclude": ["10.1.0.2"]
            """)).EnsureError(7);

        Assert.Equal("range set 0 has no address to hand out: 10.1.0.1-10.1.0.2 of 10.1.0.0/30", error.Message);
        Assert.Equal("each one is excluded, reserved, a gateway, or a network or broadcast address; give a larger range, or exclude less", error.Details);
    }

    [Fact]
    public async Task A_range_that_is_full_says_how_many_are_held_and_how_to_see_them()
    {
        const string ipam = """
            "subnet": "10.1.0.0/30", "space": "full"
            """;
        (await AddAsync("a", ipam)).EnsureOk();

        var error = (await AddAsync("b", ipam)).EnsureError(100);

        Assert.Equal("no IP addresses available in range set 0: 10.1.0.2 of 10.1.0.0/30", error.Message);
        Assert.Equal("1 held in space \"full\"; see them with 'ipamctl lease list --space full', release what is no longer used or add a range", error.Details);
        (await service.Client.CallAsync("status", NetworkJson.Text("\"status\": \"strict\", " + ipam), null)).EnsureError(50);
    }

    [Theory]
    [InlineData("10.2.0.1", "requested IP address 10.2.0.1 is the subnet's gateway, which is never handed out")]
    [InlineData("10.2.0.9", "requested IP address 10.2.0.9 is never handed out: it is excluded, left out by skipEdges, another range's gateway, or its subnet's network or broadcast address")]
    [InlineData("10.2.0.254", "requested IP address 10.2.0.254 is never handed out: it is excluded, left out by skipEdges, another range's gateway, or its subnet's network or broadcast address")]
    [InlineData("10.2.0.255", "requested IP address 10.2.0.255 is outside the configured ranges")]
    [InlineData("10.9.0.1", "requested IP address 10.9.0.1 is in no configured range; request one inside the ranges")]
    public async Task A_requested_address_that_is_never_handed_out_is_refused(string address, string message)
    {
        const string ipam = """
            "space": "requested", "exclude": ["10.2.0.9"],
            "ranges": [[{ "subnet": "10.2.0.0/24" }], [{ "subnet": "10.2.0.0/24", "gateway": "10.2.0.254" }]]
            """;
        Assert.Equal(message, (await AddAsync("a", ipam, $"IP={address}")).EnsureError(101).Message);
    }

    [Fact]
    public async Task A_requested_address_goes_to_the_set_that_hands_it_out()
    {
        const string ipam = """
            "space": "halves", "ranges": [[{ "subnet": "10.2.0.0/24", "rangeEnd": "10.2.0.99" }], [{ "subnet": "10.2.0.0/24", "rangeStart": "10.2.0.100" }]]
            """;
        Assert.Equal("10.2.0.2/24 10.2.0.200/24", (await AddAsync("a", ipam, "IP=10.2.0.200")).Addresses);
    }

    [Fact]
    public async Task The_gateway_of_one_set_is_not_handed_out_from_another()
    {
        const string ipam = """
            "space": "gateways", "ranges": [[{ "subnet": "10.3.0.0/29", "gateway": "10.3.0.2" }], [{ "subnet": "10.3.0.0/29", "gateway": "10.3.0.4" }]]
            """;
        Assert.Equal("10.3.0.1/29 10.3.0.3/29", (await AddAsync("a", ipam)).Addresses);
        Assert.Equal("10.3.0.5/29 10.3.0.6/29", (await AddAsync("b", ipam)).Addresses);
        (await AddAsync("c", ipam)).EnsureError(100);
    }

    [Fact]
    public async Task A_resolv_conf_that_is_missing_costs_no_address()
    {
        const string ipam = """
            "subnet": "10.4.0.0/24", "resolvConf": "/there/is/none"
            """;
        Assert.StartsWith("ipam: resolvConf \"/there/is/none\" can't be read: ", (await AddAsync("resolver", ipam)).EnsureError(7).Message, StringComparison.Ordinal);
        Assert.Empty(await service.Daemon.LeasesOf("resolver"));
    }

    private Task<ServiceAnswer> AddAsync(string container, string ipam, string args = "") =>
        service.Client.CallAsync("add", NetworkJson.Text(ipam), container, ("CNI_ARGS", args));
}
