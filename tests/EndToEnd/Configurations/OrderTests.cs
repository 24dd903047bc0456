using System.Globalization;
using EndToEnd.Support;

namespace EndToEnd.Configurations;

/// <summary>The three orders in which free addresses are handed out.</summary>
public sealed class OrderTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private Site Site => service.Site;

    [Fact]
    public void Next_lets_a_released_address_rest_until_the_range_comes_round()
    {
        var network = new NetworkConfig("next") { Ipam = """ "subnet": "10.1.0.0/29" """ };

        Assert.Equal(
            ["10.1.0.2", "10.1.0.3", "10.1.0.4", "10.1.0.5", "10.1.0.6", "10.1.0.2"],
            Enumerable.Range(0, 6).Select(i => AddThenDel(network, $"c{i}")));
    }

    [Fact]
    public async Task Next_goes_on_where_it_was_after_a_restart()
    {
        using var site = new Site();
        var network = new NetworkConfig("restart");
        await using (var ipamd = await Ipamd.StartAsync(site))
        {
            site.Add(network, "first").EnsureSuccess();
            site.Del(network, "first").EnsureSuccess();
            await ipamd.StopAsync();
        }

        await using var again = await Ipamd.StartAsync(site);

        Assert.Equal("10.1.0.3", site.Add(network, "second").Address);
    }

    [Fact]
    public void Lowest_reuses_a_released_address_at_once()
    {
        var network = new NetworkConfig("lowest") { Ipam = """ "subnet": "10.1.0.0/29", "order": "lowest" """ };
        Site.Add(network, "stays").EnsureSuccess();

        Assert.Equal(["10.1.0.3", "10.1.0.3"], [AddThenDel(network, "a"), AddThenDel(network, "b")]);
    }

    [Fact]
    public void Random_spreads_and_still_finds_the_last_free_address()
    {
        var network = new NetworkConfig("random") { Ipam = """ "subnet": "10.1.0.0/27", "order": "random" """ };

        var addresses = Enumerable.Range(0, 29).Select(i => Site.Add(network, $"c{i}").Address).ToList();

        Assert.Equal(29, addresses.Distinct().Count());
        Assert.NotEqual(addresses.OrderBy(static a => int.Parse(a.Split('.')[3], CultureInfo.InvariantCulture)), addresses);
        Site.Add(network, "one-too-many").EnsureError(100);
    }

    private string AddThenDel(NetworkConfig network, string container)
    {
        var address = Site.Add(network, container).Address;
        Site.Del(network, container).EnsureSuccess();
        return address;
    }
}
