using EndToEnd.Support;
using EndToEnd.Support.Stores;

namespace EndToEnd.Nodes;

/// <summary>A node that is gone for good: what it held serves the others.</summary>
public sealed class NodeForgetTests
{
    private const int OfTheDead = 70;

    /// <summary>Parts of two blocks, with room for one address more than the dead node has.</summary>
    private static readonly NetworkConfig Network = new("forgotten")
    {
        Ipam = """ "ranges": [[{ "subnet": "10.1.0.0/24", "rangeStart": "10.1.0.2", "rangeEnd": "10.1.0.72" }]] """,
    };

    [StoreFact("redis")]
    public async Task The_addresses_of_a_dead_node_serve_the_survivor_whom_nothing_is_taken_from()
    {
        await using var server = await StoreServer.StartAsync("redis");
        using var dying = new Site(store: server.Url());
        using var surviving = new Site(store: server.Url());
        await using var dead = await Ipamd.StartAsync(dying, "--node", "dead");
        await using var survivor = await Ipamd.StartAsync(surviving, "--node", "survivor");
        var lost = Enumerable.Range(0, OfTheDead).Select(i => dying.Add(Network, $"lost{i}").Address).ToHashSet();
        var kept = surviving.Add(Network, "kept").Address;
        surviving.Add(Network, "too-many").EnsureError(100);
        await dead.KillAsync();

        var refusing = Task.Run(() => Ipamctl.TryRun(surviving, "node", "forget", "survivor", "--yes"));
        var forgot = Ipamctl.TryRun(surviving, "node", "forget", "dead", "--yes");
        var refused = await refusing;

        Assert.Equal((4, ""), (refused.ExitCode, refused.Stdout));
        Assert.Contains("not forgotten: node 'survivor' reports", refused.Stderr, StringComparison.Ordinal);
        Assert.True(forgot.ExitCode == 0, forgot.ToString());
        Assert.Equal($"forgot node dead, leases released: {OfTheDead}\n", forgot.Stdout);
        Assert.Equal([kept], Ipamctl.Addresses(surviving, Network));

        // That the range is exhausted, ipamd says for a second without looking again.
        await Wait.UntilAsync(() => surviving.Add(Network, "again0").Succeeded, "an address for the survivor");
        for (var i = 1; i < OfTheDead; i++)
            surviving.Add(Network, $"again{i}").EnsureSuccess();
        Assert.Equal(lost.Append(kept).Order(StringComparer.Ordinal), Ipamctl.Addresses(surviving, Network).Order(StringComparer.Ordinal));
        surviving.Check(Network, "kept").EnsureSuccess();
        Assert.Equal(["survivor registered 71"], NodesOf(surviving));
    }

    private static IEnumerable<string> NodesOf(Site site)
    {
        var json = JsonText.Parse(Ipamctl.TryRun(site, "node", "list", "-o", "json").Stdout);
        return json.EnumerateArray().Select(static node => $"{node.GetProperty("name")} {node.GetProperty("state")} {node.GetProperty("leases")}");
    }
}
