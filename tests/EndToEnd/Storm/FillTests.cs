using System.Collections.Concurrent;
using EndToEnd.Support;
using EndToEnd.Support.Stores;

namespace EndToEnd.Storm;

/// <summary>Many nodes share a range to its last address.</summary>
public sealed class FillTests : WholeMachineTests
{
    private const int Nodes = 8;
    private const int AtOnce = 64;

    /// <summary>254 hosts without the gateway.</summary>
    private const int Room = 253;

    private static readonly NetworkConfig Network = new("fill") { Ipam = """ "subnet": "10.5.0.0/24" """ };

    [StoreFact("sqlite")]
    public Task A_24_that_eight_nodes_share_is_filled_to_the_last_address_and_again_on_SQLite() => FillAsync("sqlite");

    [StoreFact("redis")]
    public Task A_24_that_eight_nodes_share_is_filled_to_the_last_address_and_again_on_Redis() => FillAsync("redis");

    [StoreFact("kubernetes")]
    public Task A_24_that_eight_nodes_share_is_filled_to_the_last_address_and_again_on_Kubernetes() => FillAsync("kubernetes");

    private static async Task FillAsync(string store)
    {
        await using var cluster = await Cluster.StartAsync(store, Nodes);

        var held = await AddAsync(cluster, Enumerable.Range(0, 300));

        Assert.Equal(Room, held.Count);
        EnsureHeld(cluster, held);
        await EnsureExhaustedAsync(cluster);

        var released = held.Keys.Order().Take(Room / 2).ToList();
        await EachAsync(released, async i => (await CallAsync(cluster, "del", i)).EnsureSuccess());
        var left = held.Where(pair => !released.Contains(pair.Key)).ToDictionary();
        EnsureHeld(cluster, left);

        var again = await AddAsync(cluster, Enumerable.Range(1000, 200));

        Assert.Equal(released.Count, again.Count);
        EnsureHeld(cluster, left.Concat(again).ToDictionary());
        await EnsureExhaustedAsync(cluster);
    }

    /// <summary>ADDs containers, the n-th on node n modulo <see cref="Nodes"/>; the addresses of those that got one.</summary>
    private static async Task<Dictionary<int, string>> AddAsync(Cluster cluster, IEnumerable<int> containers)
    {
        var held = new ConcurrentDictionary<int, string>();
        await EachAsync(containers, async i =>
        {
            var outcome = await CallAsync(cluster, "add", i);
            if (outcome.Succeeded)
                held[i] = outcome.Address;
            else
                EnsureSaysExhausted(outcome);
        });
        return held.ToDictionary();
    }

    private static async Task EnsureExhaustedAsync(Cluster cluster)
    {
        for (var i = 0; i < Nodes; i++)
        {
            var outcome = await CallAsync(cluster, "add", 10_000 + i);
            EnsureSaysExhausted(outcome);
            Assert.True(outcome.Elapsed < TimeSpan.FromSeconds(1), outcome.ToString());
        }
    }

    private static void EnsureSaysExhausted(CniOutcome outcome)
    {
        var error = outcome.EnsureError(100);
        Assert.StartsWith("no IP addresses available in range set 0: 10.5.0.", error.Message, StringComparison.Ordinal);
        Assert.StartsWith($"{Room} held in space \"fill\"", error.Details, StringComparison.Ordinal);
    }

    /// <summary>These are distinct, and what the store has.</summary>
    private static void EnsureHeld(Cluster cluster, Dictionary<int, string> held)
    {
        Assert.Equal(held.Count, held.Values.Distinct().Count());
        Assert.DoesNotContain("10.5.0.1", held.Values);
        Assert.Equal(held.Values.Order(), Ipamctl.Addresses(cluster.Outside, Network).Order());
    }

    private static Task EachAsync(IEnumerable<int> containers, Func<int, Task> work) =>
        Parallel.ForEachAsync(containers, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, (i, _) => new ValueTask(work(i)));

    private static async Task<CniOutcome> CallAsync(Cluster cluster, string verb, int container)
    {
        var node = cluster.Nodes[container % Nodes];
        var outcome = await node.Http.CallAsync(verb, $"c{container}", Network.Json(node.Site));
        Assert.True(outcome is not null, $"{verb} c{container} was not answered");
        return outcome;
    }
}
