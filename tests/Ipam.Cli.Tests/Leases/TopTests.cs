using Ipam.Cli.Tests.Support;

namespace Ipam.Cli.Tests.Leases;

public sealed class TopTests : CatalogTest
{
    [Fact]
    public async Task Who_holds_the_most_comes_first()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.0.0.0/24");
        await GiveAsync(
            Some.Lease("10.0.0.2", pod: Some.Pod("web-0")), Some.Lease("10.0.0.3", node: "node-b", pod: Some.Pod("web-1")),
            Some.Lease("10.0.1.4", pod: Some.Pod("job", "jobs")) with { AcquiredAt = Now.AddDays(-2) }, Some.Lease("10.0.0.5", network: "old", node: "node-b"),
            Some.Lease("10.0.1.6", space: "red"));

        Assert.Equal(
            """
            BY         NAME       LEASES  SHARE%  LAST HOUR
            node       node-a     3       60.0    2
            node       node-b     2       40.0    2
            namespace  -          2       40.0    2
            namespace  shop       2       40.0    2
            network    pods       4       80.0    3
            network    old        1       20.0    1
            owner      pod        3       60.0    2
            owner      container  2       40.0    2
            pool       blue       3       60.0    3
            pool       -          2       40.0    1

            """,
            await DoAsync("top", "--limit", "2"));
        Assert.Equal("BY,NAME,LEASES,SHARE%,LAST HOUR\r\nnode,node-b,2,66.6,2\r\n", await DoAsync("top", "--pool", "blue", "--by", "node", "--limit", "1", "-o", "csv"));
    }

    [Theory]
    [InlineData(2, "'cluster' is nothing to count by; known are: node, namespace, network, owner, pool.", "--by", "cluster")]
    [InlineData(3, "there is no pool 'red'", "--pool", "red")]
    [InlineData(3, "there is no space 'red' in", "--space", "red", "-o", "name")]
    public async Task What_cant_be_counted_says_why(int exitCode, string message, params string[] arguments)
    {
        var outcome = await RunAsync(["top", .. arguments]);

        Assert.Equal((exitCode, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
    }
}
