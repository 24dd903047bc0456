using Ipam.Cli.Tests.Support;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Cli.Tests.Checks;

public sealed class CheckCommandTests : CheckTest
{
    private const string Header = "KIND  ADDRESS  SPACE  SEQUENCE  OWNER  NODE  POD  REASON\n";

    [Fact]
    public async Task Where_nothing_is_wrong_nothing_is_found()
    {
        await GiveAsync(Of("10.0.0.1", "alive"));

        var outcome = await RunAsync("check");

        Assert.Equal((0, Header), (outcome.ExitCode, outcome.Output));
        Assert.Equal(
            "ipamctl: leaks are not looked for: nothing here can tell that a node is gone, as the store belongs to no cluster. --node-gone-after does.\nipamctl: 1 leases, 0 findings\n",
            outcome.Error);
    }

    [Fact]
    public async Task What_does_not_add_up_is_shown_and_left_as_it_is()
    {
        Assert.Equal(0, (await RunAsync("pool", "create", "blue", "--range", "10.0.0.0/24,exclude=10.0.0.9")).ExitCode);
        await GiveAsync(Of("10.0.0.5", "a"), Of("10.0.0.9", "a"), Of("10.0.1.1", "a"), Of("10.0.2.1", "a"));
        await ExecuteAsync("UPDATE blocks SET last_offset = 64 WHERE base = x'040a000100'");
        var before = await DumpAsync();

        var outcome = await RunAsync("check");

        Assert.Equal(8, outcome.ExitCode);
        Assert.Equal(
            [
                "KIND           ADDRESS      SPACE    SEQUENCE          OWNER                                 NODE  POD  REASON",
                "outside-pools  10.0.0.9     default  1772625600000001  pods/10.0.0.9-default-container/eth0  a     -    it lies in the subnet of pool blue, and in no pool's ranges",
                $"damaged-block  10.0.1.0/26  default  -                 -                                     -     -    the block default 10.0.1.0/26 in SQLite store {DatabaseFile} is damaged: its last offset is 64, and wanted is a number from -1 to 63; look at its rows in the tables blocks and leases with the sqlite3 shell, and correct or delete them",
            ],
            outcome.Output.TrimEnd().Split('\n'));
        Assert.EndsWith(
            "ipamctl: 1 leases lie in no pool: of configurations with ranges of their own, or of pools that were deleted\nipamctl: 3 leases, 2 findings\n", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(before, await DumpAsync());
    }

    [Fact]
    public async Task Leaks_and_what_is_left_of_a_node_that_is_gone_are_in_the_report()
    {
        await GiveAsync(Of("10.0.0.1", "dead") with { Pod = Some.Pod("web-0") }, Of("10.0.0.2", "alive"));
        await using var store = await StoreContent.OpenAsync(DatabaseFile);
        var block = new Block(BlockId.Of("default", Some.Lease("10.0.3.0").Address), []) { Node = "dead" };
        Assert.Equal(CommitStatus.Committed, (await store.CommitAsync([new BlockChange(block, [], [])], default))[0].Status);
        await using var alive = await ReportingNode.StartAsync(DatabaseUrl, "alive");

        var outcome = await RunOverTimeAsync(["check", "-o", "json", .. GoneAfter]);

        Assert.Equal(8, outcome.ExitCode);
        var report = Object(outcome.Output);
        Assert.Equal(
            ["format", "version", "time", "store", "identity", "clusterUid", "leases", "findings"], report.EnumerateObject().Select(static property => property.Name));
        Assert.Equal((1, DatabaseUrl, await IdentityAsync()), (report.GetProperty("format").GetInt32(), report.GetProperty("store").GetString(), report.GetProperty("identity").GetString()));
        Assert.True(report.GetProperty("time").GetDateTimeOffset() >= Now.AddSeconds(60));
        Assert.Equal(
            """
            [
                  {
                    "kind": "block-of-gone-node",
                    "reason": "its node dead is gone, and it is empty",
                    "source": null,
                    "block": "10.0.3.0/26",
                    "space": "default",
                    "node": "dead"
                  },
                  {
                    "kind": "leak",
                    "reason": "ipamd of node dead has not reported for 60 s",
                    "source": "reports of nodes",
                    "block": "10.0.0.0/26",
                    "address": "10.0.0.1",
                    "space": "default",
                    "network": "pods",
                    "containerId": "10.0.0.1-default-container",
                    "interface": "eth0",
                    "entry": 0,
                    "podNamespace": "shop",
                    "podName": "web-0",
                    "podUid": "uid-of-web-0",
                    "node": "dead",
                    "netns": "/run/netns/a",
                    "sequence": 1772625600000001,
                    "acquiredAt": "2026-03-04T12:00:00Z"
                  }
                ]
            """,
            report.GetProperty("findings").GetRawText());
        Assert.Equal(2, (await LeasesAsync()).Count);
    }

    private Task<string> DumpAsync() => Task.FromResult(Command.Run("sqlite3", DatabaseFile, ".dump"));
}
