using Ipam.Cli.Tests.Support;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores;

namespace Ipam.Cli.Tests.Nodes;

public sealed class NodeForgetTests : NodeTest
{
    private const string Watching = "ipamctl: watching for 12.5 s whether node 'node-a' reports; --force doesn't.\n";

    private const string Card =
        """
        NAME      node-a
        HOST      host-node-a
        INSTANCE  instance-of-node-a
        LEASES    2
        BLOCKS    1
        PODS      shop/web-0, ...

        """;

    private static readonly Lease Other = Some.Lease("10.0.0.9", node: "node-b");

    [Fact]
    public async Task A_silent_node_loses_its_leases_and_its_entry_and_nobody_else_anything()
    {
        await GiveNodesAsync();

        var outcome = await RunAsync("node", "forget", "node-a", "--yes");

        Assert.Equal(new CliOutcome(0, "forgot node node-a, leases released: 2\n", Card + Watching), outcome);
        Assert.Equal([Other], await LeasesAsync());
        Assert.Equal(["node-b"], await EntriesAsync());
        Assert.DoesNotContain("node-a", (await RunAsync("node", "list")).Output, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(12.5), Waited);
    }

    [Fact]
    public async Task A_node_that_reports_is_refused_before_anybody_is_asked()
    {
        await GiveNodesAsync();
        Reports("node-a");
        Answer = static () => throw new InvalidOperationException("nothing is to be asked");

        Assert.Equal(
            new CliOutcome(4, "", Card + Watching + "ipamctl: not forgotten: node 'node-a' reports. Stop ipamd there for good first; leases of single containers end with 'ipamctl lease release'.\n"),
            await RunAsync("node", "forget", "node-a"));
        await NothingChangedAsync();
    }

    [Theory]
    [InlineData("y", 0)]
    [InlineData("n", 4)]
    public async Task By_force_it_asks_without_having_watched(string answer, int exitCode)
    {
        await GiveNodesAsync();
        Answer = () => answer;

        var outcome = await RunAsync("node", "forget", "node-a", "--force");

        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.StartsWith(
            Card + "Whether it reports was not watched. A container that still runs on node 'node-a' will share its address with the next owner. Release its leases (2) and forget it? [y/N] ",
            outcome.Error, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.Zero, Waited);
        if (exitCode == 0)
            Assert.Equal([Other], await LeasesAsync());
        else
            await NothingChangedAsync();
    }

    [Fact]
    public async Task Without_a_terminal_it_refuses_and_says_what_to_do()
    {
        await GiveNodesAsync();

        var outcome = await RunAsync("node", "forget", "node-a", "--force");

        Assert.Equal(4, outcome.ExitCode);
        Assert.EndsWith("ipamctl: not forgotten: there is no terminal to ask on. Use --yes to forget without asking, --dry-run to only look.\n", outcome.Error, StringComparison.Ordinal);
        await NothingChangedAsync();
    }

    [Fact]
    public async Task A_dry_run_changes_nothing()
    {
        await GiveNodesAsync();

        Assert.Equal(new CliOutcome(0, "would forget node node-a, leases: 2\n", Card + Watching), await RunAsync("node", "forget", "node-a", "--dry-run"));
        await NothingChangedAsync();
    }

    [Fact]
    public async Task A_node_that_comes_back_while_the_question_is_open_loses_nothing()
    {
        await GiveNodesAsync();
        Answer = () =>
        {
            RegisterAsync(Entry("node-a") with { Renewals = 2 }, "run").Wait();
            return "y";
        };

        var outcome = await RunAsync("node", "forget", "node-a");

        Assert.Equal((4, ""), (outcome.ExitCode, outcome.Output));
        Assert.EndsWith("ipamctl: not forgotten: node 'node-a' is back.\n", outcome.Error, StringComparison.Ordinal);
        await NothingChangedAsync();
    }

    [Fact]
    public async Task A_node_that_comes_back_during_the_work_stops_it()
    {
        await GiveNodesAsync();
        await OwnAsync("node-a", "10.0.0.64", Some.Lease("10.0.0.65"));
        CreateStore = url => new MeddlingStore(StoreFactory.Create(url, TimeProvider.System), async () =>
        {
            ((PassingTime)Time!).Pass(TimeSpan.FromSeconds(5));
            await RegisterAsync(Entry("node-a") with { Renewals = 2 }, "run");
        });

        var outcome = await RunAsync("node", "forget", "node-a", "--yes");

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.EndsWith(
            "ipamctl: stopped: node 'node-a' is back, leases released: 2. Its containers may have lost addresses: see 'ipamctl lease list --node node-a'.\n",
            outcome.Error, StringComparison.Ordinal);
        Assert.Equal(["node-a", "node-b"], await EntriesAsync());
    }

    [Fact]
    public async Task A_store_that_fails_half_way_leaves_the_rest_to_a_second_run()
    {
        await GiveNodesAsync();
        await OwnAsync("node-a", "10.0.0.64", Some.Lease("10.0.0.65"));
        var commits = 0;
        CreateStore = url => new MeddlingStore(
            StoreFactory.Create(url, TimeProvider.System), () => ++commits == 2 ? throw new StoreException("the disk is on fire.") : Task.CompletedTask);

        var outcome = await RunAsync("node", "forget", "node-a", "--yes", "--force");
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.EndsWith("ipamctl: the disk is on fire. Not all is done, leases released: 2. Run it again: it goes on.\n", outcome.Error, StringComparison.Ordinal);

        Assert.Equal("forgot node node-a, leases released: 1\n", (await RunAsync("node", "forget", "node-a", "--yes", "--force")).Output);
        Assert.Equal([Other], await LeasesAsync());
    }

    [Fact]
    public async Task Blocks_that_never_rest_are_said()
    {
        await GiveNodesAsync();
        var isThere = false;
        var neighbour = Some.Lease("10.0.0.20", node: "node-b");
        CreateStore = url => new MeddlingStore(StoreFactory.Create(url, TimeProvider.System), () =>
            (isThere = !isThere) ? ChangeAsync([neighbour], []) : ChangeAsync([], [neighbour]));

        var outcome = await RunAsync("node", "forget", "node-a", "--yes", "--force");

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.EndsWith(
            "ipamctl: not forgotten: others changed the same blocks at each of 20 tries, leases released: 0, not released: 2. Run it again: it goes on.\n",
            outcome.Error, StringComparison.Ordinal);
        Assert.Contains("node-a", await EntriesAsync());
    }

    [Fact]
    public async Task A_node_that_there_is_nothing_of_is_not_found()
    {
        await GiveNodesAsync();

        Assert.Equal(
            new CliOutcome(3, "", $"ipamctl: there is nothing of a node 'node-z' in {DatabaseUrl}; 'ipamctl node list' shows those that there are.\n"),
            await RunAsync("node", "forget", "node-z", "--yes"));
        Assert.Equal(TimeSpan.Zero, Waited);
    }

    [Fact]
    public async Task On_a_terminal_it_says_how_far_it_is_once_it_takes_long()
    {
        await GiveNodesAsync();
        await OwnAsync("node-a", "10.0.0.64", Some.Lease("10.0.0.65"));
        ShowsProgress = true;
        CreateStore = url => new MeddlingStore(StoreFactory.Create(url, TimeProvider.System), () =>
        {
            ((PassingTime)Time!).Pass(TimeSpan.FromSeconds(0.7));
            return Task.CompletedTask;
        });

        var outcome = await RunAsync("node", "forget", "node-a", "--yes", "--force");

        Assert.Contains("\r[####################] leases released: 3 of 3\r                                              \r", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("released: 2 of 3", outcome.Error, StringComparison.Ordinal);
    }

    private async Task GiveNodesAsync()
    {
        await OwnAsync("node-a", "10.0.0.0", Some.Lease("10.0.0.1", pod: Some.Pod("web-0")), Some.Lease("10.0.0.2", pod: Some.Pod("web-0")), Other);
        await RegisterAsync(Entry("node-a"));
        await RegisterAsync(Entry("node-b"));
    }

    private async Task NothingChangedAsync()
    {
        Assert.Equal(3, (await LeasesAsync()).Count);
        Assert.Equal(["node-a", "node-b"], await EntriesAsync());
    }
}
