using EndToEnd.Support;

namespace EndToEnd.Admin;

/// <summary>The CLI works on the store itself, and a service that has the block in memory stays right.</summary>
public sealed class IpamctlTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private Site Site => service.Site;

    [Fact]
    public void Lease_list_tells_who_holds_what()
    {
        var network = new NetworkConfig("listed") { Ipam = NetworkConfig.V6 };
        Site.Add(network, "of-a-pod", "IgnoreUnknown=1;K8S_POD_NAMESPACE=ns;K8S_POD_NAME=web-0;K8S_POD_UID=6b1f").EnsureSuccess();

        var lease = JsonText.Parse(Ipamctl.TryRun(Site, "lease", "show", "fd00:1::2", "--space", "listed", "-o", "json").Stdout)[0];

        string? Text(string key) => lease.GetProperty(key).GetString();
        Assert.Equal(
            ["fd00:1::2", "listed", "listed", "of-a-pod", "eth0", "ns", "web-0", "6b1f", "here", "/var/run/netns/there-is-none"],
            new[] { "address", "space", "network", "containerId", "interface", "podNamespace", "podName", "podUid", "node", "netns" }.Select(Text));
        var listed = Assert.Single(Ipamctl.Leases(Site), static held => held.ContainerId == "of-a-pod");
        Assert.Equal(("fd00:1::2", lease.GetProperty("sequence").GetInt64()), (listed.Address, listed.Sequence));
    }

    [Fact]
    public async Task It_works_while_the_service_is_down()
    {
        using var site = new Site();
        await using var ipamd = await Ipamd.StartAsync(site);
        var network = new NetworkConfig("down");
        site.Add(network, "one").EnsureSuccess();
        site.Add(network, "two").EnsureSuccess();
        await ipamd.KillAsync();

        Assert.Equal(2, Ipamctl.Leases(site).Count);
        Assert.Equal(0, Ipamctl.TryRun(site, "lease", "release", "10.1.0.2", "--yes").ExitCode);

        await using var again = await Ipamd.StartAsync(site);
        site.Check(network, "one").EnsureError(102);
        site.Check(network, "two").EnsureSuccess();
    }

    [Fact]
    public void After_a_release_the_service_believes_the_store_and_not_its_memory()
    {
        var network = new NetworkConfig("released");
        Assert.Equal("10.1.0.2", Site.Add(network, "old").Address);

        Assert.Equal(0, Ipamctl.TryRun(Site, "lease", "release", "10.1.0.2", "--space", "released", "--yes").ExitCode);

        Site.Check(network, "old").EnsureError(102);
        Assert.Equal("10.1.0.2", Site.Add(network, "new", "IP=10.1.0.2").Address);
        Site.Del(network, "old").EnsureSuccess();
        Site.Check(network, "new").EnsureSuccess();
        Assert.NotEqual("10.1.0.2", Site.Add(network, "old").Address);
    }

    [Fact]
    public void A_container_whose_lease_was_released_does_not_get_it_again_by_repeating_its_ADD_once_another_has_it()
    {
        var network = new NetworkConfig("replayed") { Ipam = """ "subnet": "10.1.0.0/24", "order": "lowest" """ };
        Site.Add(network, "old").EnsureSuccess();
        Ipamctl.TryRun(Site, "lease", "release", "10.1.0.2", "--space", "replayed", "--yes");

        Assert.Equal("10.1.0.2", Site.Add(network, "new", "IP=10.1.0.2").Address);

        Assert.Equal("10.1.0.3", Site.Add(network, "old").Address);
    }

    [Fact]
    public void A_release_makes_room_in_a_range_that_the_service_knows_as_full()
    {
        var network = new NetworkConfig("full") { Ipam = """ "subnet": "10.1.0.0/30" """ };
        Site.Add(network, "first").EnsureSuccess();
        Site.Add(network, "second").EnsureError(100);

        Assert.Equal(0, Ipamctl.TryRun(Site, "lease", "release", "10.1.0.2", "--space", "full", "--yes").ExitCode);

        // That the range is exhausted, ipamd says for a second without looking again.
        CniOutcome second = null!;
        Wait.Until(() => (second = Site.Add(network, "second")).Succeeded, "an address for the second");
        Assert.Equal("10.1.0.2", second.Address);
    }

    [Fact]
    public void Without_yes_nothing_is_released()
    {
        var network = new NetworkConfig("asked");
        Site.Add(network).EnsureSuccess();

        Assert.Equal(0, Ipamctl.TryRun(Site, "lease", "release", "10.1.0.2", "--space", "asked", "--dry-run").ExitCode);
        Assert.Equal(4, Ipamctl.TryRun(Site, "lease", "release", "10.1.0.2", "--space", "asked").ExitCode);

        Site.Check(network).EnsureSuccess();
    }

    [Fact]
    public void Exit_codes_tell_failures_usage_and_absence_apart()
    {
        Assert.Equal(3, Ipamctl.TryRun(Site, "lease", "show", "192.0.2.1").ExitCode);
        Assert.Equal(3, Ipamctl.TryRun(Site, "lease", "release", "192.0.2.1", "--yes").ExitCode);
        Assert.Equal(2, Ipamctl.TryRun(Site, "lease", "release", "not-an-address").ExitCode);
        Assert.Equal(2, Ipamctl.TryRun(Site, "leases").ExitCode);
        Assert.Equal(1, Command.TryRun(Repository.Ipamctl, "--store", "sqlite:/there/is/none.db", "lease", "list").ExitCode);
    }

    [Fact]
    public void Space_list_counts_what_is_held()
    {
        Site.Add(new NetworkConfig("counted") { Ipam = NetworkConfig.Dual }, "one").EnsureSuccess();
        Site.Add(new NetworkConfig("counted") { Ipam = NetworkConfig.V4 }, "two").EnsureSuccess();

        var spaces = JsonText.Parse(Ipamctl.TryRun(Site, "space", "list", "-o", "json").Stdout).EnumerateArray()
            .Where(static space => space.GetProperty("space").GetString() == "counted")
            .ToDictionary(static space => space.GetProperty("family").GetString()!, static space => space.GetProperty("held").GetInt64());

        Assert.Equal(2, spaces["ipv4"]);
        Assert.Equal(1, spaces["ipv6"]);
    }
}
