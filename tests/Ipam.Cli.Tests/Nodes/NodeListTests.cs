using Ipam.Cli.Tests.Support;

namespace Ipam.Cli.Tests.Nodes;

public sealed class NodeListTests : NodeTest
{
    [Fact]
    public async Task Nodes_of_the_registry_and_those_that_leases_and_blocks_name_are_a_row_each()
    {
        await GiveNodesAsync();

        Assert.Equal(new CliOutcome(0,
            """
            NAME    STATE         HOST         INSTANCE       LEASES  BLOCKS
            node-a  registered    host-node-a  instance-of-n  2       1
            node-b  registered    host-node-b  instance-of-n  1       0
            node-c  unregistered  -            -              1       0
            node-d  unregistered  -            -              0       1

            """, ""), await RunAsync("node", "list"));
        Assert.Equal(TimeSpan.Zero, Waited);
    }

    [Theory]
    [InlineData("--wait", 7)]
    [InlineData("--wait=30", 30)]
    public async Task Who_is_seen_to_write_its_entry_reports(string wait, int seconds)
    {
        await GiveNodesAsync();
        Reports("node-b");

        Assert.Equal(
            """
            NAME    STATE         HOST         INSTANCE            LEASES  BLOCKS
            node-a  silent        host-node-a  instance-of-node-a  2       1
            node-b  reports       host-node-b  instance-of-node-b  1       0
            node-c  unregistered  -            -                   1       0
            node-d  unregistered  -            -                   0       1

            """, (await RunAsync("node", "list", wait, "-o", "wide")).Output);
        Assert.Equal(TimeSpan.FromSeconds(seconds), Waited);
    }

    [Fact]
    public async Task Who_was_watched_for_too_short_a_time_is_not_called_silent()
    {
        await GiveNodesAsync();
        Reports("node-b");

        var outcome = await RunAsync("node", "list", "--wait", "3");

        Assert.Contains("\nnode-a  registered ", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("\nnode-b  reports ", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_took_its_leave_has_stopped()
    {
        await GiveAsync();
        await RegisterAsync(Entry("node-a", run: ""));

        Assert.Contains("\nnode-a  stopped  host-node-a ", (await RunAsync("node", "list", "--wait")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scripts_get_the_same_as_JSON()
    {
        await GiveAsync(Some.Lease("10.0.0.1", node: "node-c"));
        await RegisterAsync(Entry("node-a"));

        Assert.Equal(
            """
            [
              {
                "name": "node-a",
                "state": "registered",
                "host": "host-node-a",
                "instance": "instance-of-node-a",
                "leases": 0,
                "blocks": 0
              },
              {
                "name": "node-c",
                "state": "unregistered",
                "host": null,
                "instance": null,
                "leases": 1,
                "blocks": 0
              }
            ]

            """, (await RunAsync("node", "list", "-o", "json")).Output);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("3601")]
    [InlineData("soon")]
    public async Task A_wait_is_some_seconds(string wait) => Assert.Equal(
        new CliOutcome(2, "", $"ipamctl: '{wait}' is no time to wait; wanted are whole seconds from 1 to 3600. Try 'ipamctl node list --help'.\n"),
        await RunAsync("node", "list", "--wait", wait));

    private async Task GiveNodesAsync()
    {
        await OwnAsync("node-a", "10.0.0.0", Some.Lease("10.0.0.1"), Some.Lease("10.0.0.2"), Some.Lease("10.0.0.3", node: "node-b"));
        await OwnAsync("node-d", "10.0.0.64");
        await GiveAsync(Some.Lease("10.0.0.128", node: "node-c"));
        await RegisterAsync(Entry("node-a"));
        await RegisterAsync(Entry("node-b"));
    }
}
