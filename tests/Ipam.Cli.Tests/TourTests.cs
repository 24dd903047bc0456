using Ipam.Cli.Tests.Support;
using Ipam.Core.Stores;
using Ipam.Stores;
using Testing.Servers;

namespace Ipam.Cli.Tests;

/// <summary>What an admin looks at and changes is the same on each store.</summary>
public abstract class TourTests : CommandTest
{
    private protected async Task TourAsync(string url)
    {
        StoreUrl = url;
        var file = Write("10-pods.conflist", """{ "cniVersion": "1.0.0", "name": "pods", "type": "net-ptp", "ipam": { "type": "ipam", "pools": ["blue"] } }""");
        await using (var store = StoreFactory.Create(url, TimeProvider.System))
        {
            await store.OpenAsync(default);
            await store.ChangeAsync(
                added: [Some.Lease("10.1.0.2", pod: Some.Pod("web-0")), Some.Lease("10.1.0.3", pod: Some.Pod("web-1")), Some.Lease("10.1.0.4", pod: Some.Pod("job", "jobs"))], removed: []);
            var identity = (await store.Past.ReadAsync(default)).Identity;
            Assert.True(await store.Nodes.PutAsync(new NodeEntry("node-a", "instance", "run", "host", identity, 1), null, default));
        }

        await PrintsAsync("pool create blue --range 10.1.0.0/28 --affinity none", "created pool blue in space default, addresses: 13\n");
        await PrintsAsync("top --by namespace -o csv", "BY,NAME,LEASES,SHARE%,LAST HOUR\r\nnamespace,shop,2,66.6,2\r\nnamespace,jobs,1,33.3,1\r\n");
        await PrintsAsync($"explain --pod shop/web-0 --config {file}", $"""
            POD            shop/web-0
            CONTAINER      10.1.0.2-default-container
            NODE           node-a
            NETWORK        pods
            CONFIGURATION  {file}
            SPACE          default
            HOLDS          10.1.0.2
            ADD NOW        10.1.0.2, which it holds

            SET  POOL  RANGE               SIZE  HELD  COOLING  RESERVED  FREE  NEXT      WHY
            0    blue  10.1.0.2-10.1.0.14  13    3     0        0         10    10.1.0.5  holds 10.1.0.2

            """);
        await PrintsAsync("next blue -o name", "10.1.0.5\n");
        await PrintsAsync("pool map blue", """
            10.1.0.0           x###..........

            .  free
            #  held
            x  never handed out
               in no range

            """);
        await PrintsAsync("block list -o name", "10.1.0.0/26\n");
        await PrintsAsync("lease list --sort pod --columns pod,address --no-headers", "jobs/job    10.1.0.4\nshop/web-0  10.1.0.2\nshop/web-1  10.1.0.3\n");
        await PrintsAsync("lease release -n shop --yes", "leases released: 2\n");
        await PrintsAsync("lease list -o name", "10.1.0.4\n");
        await PrintsAsync("space show default", "SPACE         default\nIPV4          1 held in 1 blocks\nPOOLS         blue\nRESERVATIONS  -\nNODES         -\n");
        await PrintsAsync("lease add --pool blue --name printer -o name", "10.1.0.2\n");
        await PrintsAsync("lease list --state static --columns address,network,container,interface,node --no-headers", "10.1.0.2  static:outside  printer  -  -\n");
        await PrintsAsync("pool map blue", """
            10.1.0.0           xS.#..........

            .  free
            #  held
            x  never handed out
               in no range
            S  static lease

            """);
        await PrintsAsync("lease release 10.1.0.2 --yes", "released 10.1.0.2 in space default\n");
        await PrintsAsync("pool resize blue --range 10.1.0.0/28,rangeStart=10.1.0.8 --yes", "resized pool blue, leases cut off: 1\n");
        await PrintsAsync("lease list --state outside-pools -o name", "10.1.0.4\n");
        await PrintsAsync("pool drain blue", "pool blue is drained: it is disabled, and no lease lies in its ranges\n");
        var doctor = await RunAsync("doctor", "--bin-dir", "/nowhere", "--conf-dir", "/nowhere");
        Assert.Matches("\ncontent +ok +held: 1, blocks: 1, pools: 1; ", doctor.Output);
    }

    private async Task PrintsAsync(string command, string expected)
    {
        var outcome = await RunAsync(command.Split(' '));

        Assert.Equal((command, 0, expected), (command, outcome.ExitCode, outcome.Output));
    }
}

public sealed class TourOnSqliteTests : TourTests
{
    [Fact]
    public Task It_prints_the_same() => TourAsync(DatabaseUrl);
}

public sealed class TourOnRedisTests : TourTests
{
    [RequiresFact("redis-server")]
    public async Task It_prints_the_same()
    {
        using var server = await RedisServer.StartNewAsync();
        await TourAsync($"redis://127.0.0.1:{server.Port}/0");
    }
}

[NeedsControlPlane]
public sealed class TourOnKubernetesTests(ControlPlane plane) : TourTests, IClassFixture<ControlPlane>
{
    [ServerFact]
    public Task It_prints_the_same() => TourAsync($"kubernetes:{plane.Kubeconfig()}");
}
