using System.Text.RegularExpressions;
using Ipam.Cli.Tests.Support;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Cli.Tests.Blocks;

public sealed class BlockTests : CommandTest
{
    [Fact]
    public async Task Blocks_are_listed_by_space_and_address()
    {
        await PutAsync("10.0.1.0", "node-b");
        await GiveAsync(Some.Lease("10.0.0.9"), Some.Lease("10.0.0.10"), Some.Lease("fd00::5", space: "red"));

        Assert.Equal(
            """
            BLOCK        SPACE    NODE    HELD  VERSION
            10.0.0.0/26  default  -       2
            10.0.1.0/26  default  node-b  0
            fd00::/122   red      -       1

            """, Regex.Replace((await RunAsync("block", "list")).Output, " +[0-9]+\n", "\n"));
        Assert.Equal("10.0.1.0/26\n", (await RunAsync("block", "list", "--node", "node-b", "--empty", "-o", "name")).Output);
        Assert.Equal("10.0.0.0/26\n", (await RunAsync("block", "list", "10.0.0.9-10.0.0.70", "-o", "name")).Output);
    }

    [Fact]
    public async Task A_block_is_shown_with_all_that_it_has()
    {
        await PutAsync("10.0.1.0", "node-b", new CoolingAddress(7, Now.AddSeconds(30)), new CoolingAddress(8, Now.AddSeconds(-30)));

        var outcome = await RunAsync("block", "show", "10.0.1.9");

        Assert.Equal(new CliOutcome(0,
            """
            BLOCK          10.0.1.0/26
            SPACE          default
            NODE           node-b
            HELD           0
            COOLING        10.0.1.7 until 2026-03-04T12:05:30Z
            LAST           -
            LAST SEQUENCE  0
            VERSION        1

            """, ""), outcome);
        await GiveAsync(Some.Lease("10.0.2.9", pod: Some.Pod("web-0")));
        Assert.Matches("\n\nADDRESS +SPACE.*\n10.0.2.9 .*shop/web-0", (await RunAsync("block", "show", "10.0.2.0/26")).Output);
        Assert.Contains("\"podName\": \"web-0\"", (await RunAsync("block", "show", "10.0.2.0/26", "-o", "json")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_an_empty_block_is_released()
    {
        await PutAsync("10.0.1.0", "node-b");
        await PutAsync("10.0.2.0", "node-b", new CoolingAddress(7, Now.AddSeconds(30)));
        await GiveAsync(Some.Lease("10.0.0.9"));

        foreach (var (block, why) in ((string, string)[])[("10.0.0.0/26", "addresses in it are held (1)"), ("10.0.2.0/26", "cooling down")])
        {
            var refused = await RunAsync("block", "release", block, "--yes");
            Assert.Equal((4, ""), (refused.ExitCode, refused.Output));
            Assert.Contains(why, refused.Error, StringComparison.Ordinal);
        }
        Assert.Equal((0, "would release block 10.0.1.0/26 in space default\n"), await EndAsync("block", "release", "10.0.1.0/26", "--dry-run"));
        Assert.Equal((0, "released block 10.0.1.0/26 in space default\n"), await EndAsync("block", "release", "10.0.1.0/26", "--yes"));
        Assert.Equal((3, ""), await EndAsync("block", "release", "10.0.1.0/26", "--yes"));
        Assert.Equal("10.0.0.0/26\n10.0.2.0/26\n", (await RunAsync("block", "list", "-o", "name")).Output);
    }

    [Fact]
    public async Task A_block_that_changes_while_it_asks_stays()
    {
        await PutAsync("10.0.1.0", "node-b");
        Answer = () =>
        {
            GiveAsync(Some.Lease("10.0.1.3")).Wait();
            return "y";
        };

        Assert.Equal((4, ""), await EndAsync("block", "release", "10.0.1.0/26"));
        Assert.Single(await LeasesAsync());
    }

    [Theory]
    [InlineData(2, "'10.0.0.0/24' is no block", "show", "10.0.0.0/24")]
    [InlineData(3, "there is no node 'node-x' in", "list", "--node", "node-x", "-o", "name")]
    [InlineData(3, "there is no space 'red' in", "list", "--space", "red", "-o", "name")]
    [InlineData(3, "there is no block 10.0.0.0/26 in space 'default'", "show", "10.0.0.5")]
    public async Task What_is_no_block_says_why(int exitCode, string message, params string[] arguments)
    {
        await GiveAsync();

        var outcome = await RunAsync(["block", .. arguments]);

        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
    }

    private async Task<(int, string)> EndAsync(params string[] arguments) => await RunAsync(arguments) is var outcome ? (outcome.ExitCode, outcome.Output) : default;

    private async Task PutAsync(string first, string node, params CoolingAddress[] cooling)
    {
        await using var store = await StoreContent.OpenAsync(DatabaseFile);
        var block = new Block(BlockId.Of("default", Address.Parse(first)), []) { Node = node, Cooling = cooling };
        Assert.Equal(CommitStatus.Committed, (await store.CommitAsync([new BlockChange(block, [], [])], default))[0].Status);
    }
}
