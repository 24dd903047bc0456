using Ipam.Cli.Tests.Support;
using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Cli.Tests.Explanations;

public sealed class NextTests : CatalogTest
{
    [Fact]
    public async Task It_is_what_ipamd_hands_out_then()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.1.0.0/29", "--range", "10.2.0.0/29");
        await DoAsync("pool", "create", "own", "--range", "10.5.0.0/24", "--affinity", "node");
        foreach (var (pool, options) in ((string, string[])[])[("blue", []), ("own", ["--node", "node-a"])])
        {
            for (var round = 0; round < 8; round++)
            {
                var told = await DoAsync(["next", pool, "-o", "name", .. options]);

                Assert.Equal(told, $"{await AllocateAsync(pool, round)}\n");
            }
        }
    }

    [Fact]
    public async Task A_pool_with_nothing_left_says_why()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.1.0.0/30");
        await GiveAsync(Some.Lease("10.1.0.2", pod: Some.Pod("web-0")));

        var outcome = await RunAsync("next", "blue");

        Assert.Equal(new CliOutcome(8,
            """
            NEXT  NODE  RANGE     WHY
            -     any   10.1.0.2  exhausted: 1 held (namespace shop: 1)

            """, ""), outcome);
    }

    [Fact]
    public async Task Where_nodes_keep_to_their_blocks_each_has_a_next_address()
    {
        await DoAsync("pool", "create", "own", "--range", "10.5.0.0/24", "--affinity", "node");
        Assert.Equal(2, (await RunAsync("next", "own")).ExitCode);
        await using (var store = await StoreContent.OpenAsync(DatabaseFile))
        {
            foreach (var node in (string[])["node-a", "node-b"])
                Assert.True(await store.Nodes.PutAsync(new NodeEntry(node, "i", "r", "h", "identity", 1), null, default));
        }

        var outcome = await RunAsync("next", "own", "-o", "csv");

        Assert.Matches("^NEXT,NODE,RANGE,WHY\r\n10\\.5\\.0\\.\\d+,node-a,10\\.5\\.0\\.2-10\\.5\\.0\\.254,would be used\r\n10\\.5\\.0\\.\\d+,node-b,", outcome.Output);
    }

    private async Task<Address> AllocateAsync(string pool, int round)
    {
        await using var store = await StoreContent.OpenAsync(DatabaseFile);
        await using var allocator = new Allocator(store, new AllocatorOptions { Node = "node-a" }, TimeProvider.System, new Random(1));
        await allocator.StartAsync(default);
        var found = (await store.Pools.ReadAsync(default)).FindPool(pool)!;
        var outcome = await allocator.AllocateAsync(
            new AllocationRequest { Space = "default", Owner = new Owner("pods", $"{pool}-{round}", "eth0"), Entries = [new AllocationEntry(PoolRanges.Of(found, []))], Node = "node-a" }, default);
        return Assert.IsType<AllocationOutcome.Allocated>(outcome).Addresses[0].Lease.Address;
    }
}
