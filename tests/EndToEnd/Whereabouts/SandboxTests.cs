using EndToEnd.Support;

namespace EndToEnd.Whereabouts;

/// <summary>A pod whose sandbox is made anew, with another container id.</summary>
public sealed class SandboxTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private const string Ipam = """ "range": "10.1.0.0/29", "range_end": "10.1.0.2" """;

    private Site Site => service.Site;

    [Fact]
    public void The_new_one_has_the_address_of_one_that_is_gone_though_the_range_is_full_and_the_old_dels_do_nothing()
    {
        using var network = new WhereaboutsNetwork(Site) { Name = "gone" };
        var old = NetworkNamespace.Create();
        using var neighbour = NetworkNamespace.Create();
        using var anew = NetworkNamespace.Create();
        Assert.Equal("10.1.0.1/29", network.Add(Ipam, "old", "web-0", old));
        Assert.Equal("10.1.0.2/29", network.Add(Ipam, "neighbour", "web-1", neighbour));
        old.Dispose();

        Assert.Equal("10.1.0.1/29", network.Add(Ipam, "new", "web-0", anew));

        network.Del(Ipam, "old");
        network.Del(Ipam, "old");
        Assert.Equal(["neighbour", "new"], Ipamctl.Leases(Site).Select(static lease => lease.ContainerId).Order(StringComparer.Ordinal));
        network.Call("CHECK", Ipam, "new", sandbox: anew.Path).EnsureSuccess();
        Assert.Equal("10.1.0.1/29", network.Add(Ipam, "new", "web-0", anew));
        network.Del(Ipam, "new");
        network.Del(Ipam, "neighbour");
        Assert.Empty(Ipamctl.Leases(Site));
    }

    [Fact]
    public async Task It_is_so_after_a_restart_too_also_of_what_went_meanwhile()
    {
        using var site = new Site();
        using var network = new WhereaboutsNetwork(site);
        using var living = NetworkNamespace.Create();
        using var anew = NetworkNamespace.Create();
        var old = NetworkNamespace.Create();
        await using (var ipamd = await Ipamd.StartAsync(site))
        {
            Assert.Equal("10.1.0.1/29", network.Add(Ipam, "old", "web-0", old));
            Assert.Equal("10.1.0.2/29", network.Add(Ipam, "living", "web-1", living));
            await ipamd.KillAsync();
        }
        old.Dispose();

        await using var again = await Ipamd.StartAsync(site);

        network.Call("ADD", Ipam, "new", args: WhereaboutsNetwork.ArgsOf("web-1"), sandbox: anew.Path).EnsureError(100);
        Assert.Equal("10.1.0.1/29", network.Add(Ipam, "new", "web-0", anew));
    }

    [Fact]
    public void The_very_same_namespace_keeps_its_address_under_another_container_id()
    {
        using var network = new WhereaboutsNetwork(Site) { Name = "same" };
        using var sandbox = NetworkNamespace.Create();

        Assert.Equal("10.1.0.1/29", network.Add(Ipam, "old", "web-0", sandbox));
        Assert.Equal("10.1.0.1/29", network.Add(Ipam, "new", "web-0", sandbox));

        network.Del(Ipam, "old");
        Assert.Equal("new", Assert.Single(Ipamctl.Leases(Site)).ContainerId);
        network.Del(Ipam, "new");
    }

    [Fact]
    public void Nothing_is_taken_from_a_sandbox_that_lives_nor_by_another_pod_interface_or_network()
    {
        using var network = new WhereaboutsNetwork(Site) { Name = "alive" };
        using var other = new WhereaboutsNetwork(Site) { Name = "other" };
        using var old = NetworkNamespace.Create();
        using var anew = NetworkNamespace.Create();
        var gone = NetworkNamespace.Create();
        const string wide = """ "range": "10.1.0.0/24" """;
        Assert.Equal("10.1.0.1/24", network.Add(wide, "old", "web-0", old));
        Assert.Equal("10.1.0.2/24", network.Add(wide, "gone", "web-9", gone));
        gone.Dispose();

        Assert.Equal("10.1.0.3/24", network.Add(wide, "new", "web-0", anew));
        Assert.Equal("10.1.0.4/24", network.Add(wide, "another-pod", "web-1", anew));
        Assert.Equal("10.1.0.5/24", other.Add(wide, "another-network", "web-9", anew));
        Assert.Equal("10.1.0.6/24", network.Add(wide, "another-interface", "net2", WhereaboutsNetwork.ArgsOf("web-9")));

        foreach (var lease in Ipamctl.Leases(Site))
            (lease.Network == "other" ? other : network).Del(wide, lease.ContainerId, lease.Interface);
        Assert.Empty(Ipamctl.Leases(Site));
    }
}
