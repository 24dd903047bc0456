using EndToEnd.Support;

namespace EndToEnd.Load.Churn;

/// <summary>Compares what the store holds with what containers were answered, while nobody calls.</summary>
internal sealed class Audit(IReadOnlyList<Container> containers, IReadOnlyList<Site> sites)
{
    private const int AddressesOfEach = 2;

    public void Run()
    {
        // A release that is still written down may be carried out while we look.
        var waiting = sites.Where(static site => Directory.Exists(site.Spool))
            .SelectMany(static site => Directory.GetFiles(site.Spool, "*.json")).Select(Path.GetFileName).ToHashSet();
        var leases = Ipamctl.Leases(sites[0]);

        Assert.Equal(leases.Count, leases.Select(static lease => lease.Address).Distinct().Count());
        var byContainer = leases.ToLookup(static lease => lease.ContainerId, static lease => lease.Address);
        Assert.Empty(byContainer.Select(static own => own.Key).Except(containers.Select(static container => container.Id)));
        foreach (var container in containers)
        {
            if (!waiting.Contains($"{container.Network.Name}~{container.Id}~eth0.json"))
                Check(container, [.. byContainer[container.Id].Order()]);
        }
    }

    private static void Check(Container container, IReadOnlyList<string> stored)
    {
        var isRight = container.Knowledge switch
        {
            Knowledge.Held => stored.SequenceEqual(container.Addresses.Order()),
            Knowledge.Released => stored.Count == 0,
            _ => stored.Count is 0 or AddressesOfEach,
        };
        Assert.True(
            isRight,
            $"{container.Id} was answered {container.Knowledge} [{string.Join(" ", container.Addresses)}], the store has [{string.Join(" ", stored)}]");
    }
}
