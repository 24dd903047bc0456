using System.Collections.Concurrent;
using EndToEnd.Support;

namespace EndToEnd.Load;

/// <summary>Many plugin processes at once.</summary>
public sealed class ParallelTests(ServiceFixture service) : WholeMachineTests, IClassFixture<ServiceFixture>
{
    private Site Site => service.Site;

    [Fact]
    public async Task Two_thousand_ADDs_from_64_processes_at_a_time_get_distinct_addresses_and_as_many_DELs_leave_nothing()
    {
        var network = new NetworkConfig("crowd") { Ipam = """ "subnet": "10.16.0.0/20" """ };
        var containers = Enumerable.Range(0, 2000).Select(static i => $"c{i}").ToList();
        var addresses = new ConcurrentBag<string>();

        await Workers.ForEachAsync(64, containers, container => addresses.Add(Site.Add(network, container).Address));

        Assert.Equal(2000, addresses.Distinct().Count());
        Assert.Equal(addresses.Order(), Ipamctl.Addresses(Site, network).Order());

        await Workers.ForEachAsync(64, containers, container => Site.Del(network, container).EnsureSuccess());

        Assert.Empty(Ipamctl.Addresses(Site, network));
    }

    [Fact]
    public async Task A_range_with_room_for_30_serves_exactly_30_of_200_that_ask_at_once()
    {
        var network = new NetworkConfig("scarce") { Ipam = """ "ranges": [[{ "subnet": "fd00:9::/64" }], [{ "subnet": "10.9.0.0/27", "gateway": "10.9.0.31" }]] """ };
        var outcomes = new ConcurrentBag<CniOutcome>();

        await Workers.ForEachAsync(32, Enumerable.Range(0, 200).ToList(), i => outcomes.Add(Site.Add(network, $"c{i}")));

        Assert.Equal(30, outcomes.Count(static outcome => outcome.Succeeded));
        Assert.All(outcomes.Where(static outcome => !outcome.Succeeded), static outcome => outcome.EnsureError(100));
        var held = outcomes.Where(static outcome => outcome.Succeeded).SelectMany(static outcome => outcome.Addresses).ToList();
        Assert.Equal(60, held.Distinct().Count());
        Assert.Equal(held.Order(), Ipamctl.Addresses(Site, network).Order());
    }

    [Fact]
    public async Task The_same_ADD_made_16_times_at_once_gets_one_answer()
    {
        var network = new NetworkConfig("same") { Ipam = NetworkConfig.Dual };
        var answers = new ConcurrentBag<string>();

        await Workers.RunAsync(16, _ => answers.Add(Site.Add(network, "one").EnsureSuccess().Stdout));

        Assert.Single(answers.Distinct());
        Assert.Equal(2, Ipamctl.Addresses(Site, network).Count);
    }

    [Fact]
    public async Task A_DEL_that_races_an_ADD_of_its_container_leaves_all_addresses_or_none()
    {
        var network = new NetworkConfig("race") { Ipam = NetworkConfig.Dual };
        var containers = Enumerable.Range(0, 40).Select(static i => $"c{i}").ToList();

        await Workers.ForEachAsync(8, [.. containers, .. containers], container => Site.Add(network, container).EnsureSuccess());
        await Task.WhenAll(
            Workers.ForEachAsync(8, containers, container => Site.Add(network, container).EnsureSuccess()),
            Workers.ForEachAsync(8, containers, container => Site.Del(network, container).EnsureSuccess()));

        var left = Ipamctl.Leases(Site).Where(static lease => lease.Network == "race").GroupBy(static lease => lease.ContainerId);
        Assert.All(left, static leases => Assert.Equal(2, leases.Count()));
    }
}
