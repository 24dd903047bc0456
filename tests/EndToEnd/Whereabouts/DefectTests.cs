using EndToEnd.Support;

namespace EndToEnd.Whereabouts;

/// <summary>Where Whereabouts hands out an address twice, loses one, or says nothing of a mistake: what is right, of each.</summary>
public sealed class DefectTests(ServiceFixture service) : IClassFixture<ServiceFixture>, IDisposable
{
    private readonly WhereaboutsNetwork _network = new(service.Site);

    private Site Site => service.Site;

    public void Dispose()
    {
        foreach (var lease in Ipamctl.Leases(Site))
            _network.Del("\"range\": \"\"", lease.ContainerId, lease.Interface);
        _network.Dispose();
    }

    [Fact]
    public void Two_entries_of_one_range_give_two_addresses() =>
        Assert.Equal("10.1.0.1/24 10.1.0.2/24", _network.Add(""" "ipRanges": [{ "range": "10.1.0.0/24" }, { "range": "10.1.0.0/24" }] """, "a"));

    [Fact]
    public void Two_interfaces_of_a_pod_on_ranges_that_overlap_have_two_addresses()
    {
        var args = WhereaboutsNetwork.ArgsOf("two-nics");

        Assert.Equal("10.1.0.1/24", _network.Add(""" "range": "10.1.0.0/24" """, "a", "net1", args));
        Assert.Equal("10.1.0.2/25", _network.Add(""" "range": "10.1.0.0/25" """, "a", "net2", args));
    }

    [Fact]
    public void An_add_that_can_have_only_some_of_its_addresses_takes_none()
    {
        _network.Add(""" "range": "10.2.0.7/32" """, "other");

        _network.Call("ADD", """ "range": "10.1.0.0/24", "ipRanges": [{ "range": "10.2.0.7/32" }] """, "a").EnsureError(100);

        Assert.Equal("10.2.0.7", Assert.Single(Ipamctl.Leases(Site)).Address);
    }

    [Fact]
    public void A_del_releases_all_ranges_whatever_the_configuration_says_by_now()
    {
        _network.Add(""" "ipRanges": [{ "range": "10.1.0.0/24" }, { "range": "2001:db8::/64" }] """, "a");

        _network.Del(""" "ipRanges": [{ "range": "10.9.0.0/24" }, { "range": "2001:db8::/64" }] """, "a");

        Assert.Empty(Ipamctl.Leases(Site));
    }

    [Fact]
    public void Every_address_of_a_wide_IPv6_range_has_a_record_of_its_own()
    {
        Assert.Equal("2001:db8::1/48", _network.Add(""" "range": "2001:db8::/48" """, "low"));
        Assert.Equal("2001:db8:0:1::1/48", _network.Add(""" "range": "2001:db8::/48", "range_start": "2001:db8:0:1::1" """, "other64"));
        Assert.Equal("2001:db8::8000:0:0:1/48", _network.Add(""" "range": "2001:db8::/48", "range_start": "2001:db8:0:0:8000::1" """, "upper-half"));
        Assert.Equal(3, Ipamctl.Leases(Site).Select(static lease => lease.Address).Distinct().Count());

        _network.Del("\"range\": \"2001:db8::/48\"", "upper-half");
        Assert.Equal(2, Ipamctl.Leases(Site).Count);
    }

    [Fact]
    public void A_wide_range_over_a_narrow_one_that_is_in_use_goes_on_behind_it()
    {
        const string narrow = """ "range": "10.1.0.0/27", "order": "lowest" """;
        for (var i = 1; i <= 30; i++)
            _network.Add(narrow, $"narrow{i}");

        Assert.Equal("10.1.0.31/16", _network.Add(""" "range": "10.1.0.0/16" """, "wide"));
    }

    [Fact]
    public void It_serves_containers_that_are_no_pods()
    {
        Assert.Equal("10.1.0.1/24", _network.Add(""" "range": "10.1.0.0/24" """, "container", args: ""));
        _network.Call("CHECK", """ "range": "10.1.0.0/24" """, "container").EnsureSuccess();
    }

    [Theory]
    [InlineData(""" "log_level": "debug" """, "no IP ranges specified")]
    [InlineData(""" "range": "10.1.0.0/24", "rangeStart": "10.1.0.9" """, "ipam has keys of two forms")]
    [InlineData(""" "range": "10.1.0.0/24", "range_strat": "10.1.0.9" """, "unknown key \"range_strat\" in ipam; did you mean \"range_start\"?")]
    [InlineData(""" "range": "10.1.0.0/24", "range_start": "10.2.0.9" """, "range_start 10.2.0.9 is not in range 10.1.0.0/24")]
    [InlineData(""" "range": "10.1.0.0/24", "range_start": "10.1.0.9", "range_end": "10.1.0.5" """, "range_start 10.1.0.9 comes after range_end 10.1.0.5")]
    [InlineData(""" "range": "10.1.0.0/24", "exclude": ["10.1.0.900"] """, "exclude \"10.1.0.900\" is none of")]
    [InlineData(""" "range": "10.1.0.0/24", "node_slice_size": "x" """, "node_slice_size \"x\" is no prefix length")]
    public void A_mistake_is_said_by_every_verb_that_depends_on_it(string ipam, string message)
    {
        foreach (var verb in (string[])["ADD", "CHECK", "STATUS"])
            Assert.Contains(message, _network.Call(verb, ipam, "a").EnsureError(7).Message, StringComparison.Ordinal);
        _network.Del(ipam, "a");
    }

    [Fact]
    public async Task A_del_while_nobody_serves_is_over_at_once_and_not_lost()
    {
        using var site = new Site();
        using var network = new WhereaboutsNetwork(site);
        const string ipam = """ "range": "10.1.0.0/24" """;
        await using (var ipamd = await Ipamd.StartAsync(site))
        {
            network.Add(ipam, "a");
            await ipamd.KillAsync();
        }

        var del = network.Call("DEL", ipam, "a").EnsureSuccess();
        Assert.InRange(del.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        network.Call("STATUS", ipam, "a").EnsureError(50);

        await using var again = await Ipamd.StartAsync(site);
        await Wait.UntilAsync(() => Ipamctl.Leases(site).Count == 0, "the release");
    }
}
