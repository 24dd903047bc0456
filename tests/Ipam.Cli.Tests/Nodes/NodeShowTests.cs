using Ipam.Cli.Tests.Support;

namespace Ipam.Cli.Tests.Nodes;

public sealed class NodeShowTests : NodeTest
{
    [Fact]
    public async Task All_of_a_node_is_shown()
    {
        await OwnAsync("node-a", "10.0.0.0", Some.Lease("10.0.0.9", pod: Some.Pod("web-0")));
        await RegisterAsync(Entry("node-a"));

        var outcome = await RunAsync("node", "show", "node-a");

        Assert.Equal(new CliOutcome(0,
            """
            NAME      node-a
            STATE     registered
            HOST      host-node-a
            INSTANCE  instance-of-node-a
            LEASES    1
            BLOCKS    1
            PODS      shop/web-0
            IDENTITY  identity
            RECOVERY  done
            NODE UID  -

            """, ""), outcome);
        Assert.Contains("state: \"registered\"", (await RunAsync("node", "show", "node-a", "-o", "yaml")).Output, StringComparison.Ordinal);
        Assert.Equal(3, (await RunAsync("node", "show", "node-b")).ExitCode);
    }
}
