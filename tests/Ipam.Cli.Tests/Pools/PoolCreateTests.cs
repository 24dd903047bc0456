using Ipam.Cli.Terminal;
using Ipam.Cli.Tests.Support;
using Ipam.Core.Stores;

namespace Ipam.Cli.Tests.Pools;

public sealed class PoolCreateTests : CatalogTest
{
    [Fact]
    public async Task It_says_what_was_made() =>
        Assert.Equal("created pool blue in space default, addresses: 253\n", await DoAsync("pool", "create", "blue", "--range", "10.1.0.0/24"));

    [Fact]
    public async Task A_name_is_given_once()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.1.0.0/24");
        var before = await PoolAsync("blue");

        var outcome = await RunAsync("pool", "create", "blue", "--range", "10.2.0.0/24");

        Assert.Equal(
            new CliOutcome(4, "", "ipamctl: not created: there is pool 'blue' already; change it with 'ipamctl pool edit blue', or choose another name.\n"), outcome);
        Assert.Equal(before.Version, (await PoolAsync("blue")).Version);
    }

    [Theory]
    [InlineData("blue", "the pool has no range; give at least one, such as --range 10.1.0.0/16, or the pool's document by -f FILE")]
    [InlineData("--range 10.1.0.0/24", "the pool has no name; give one as NAME, or the pool's document by -f FILE")]
    [InlineData("Blue --range 10.1.0.0/24", "\"Blue\" is no name for a pool: ")]
    [InlineData("blue --range 10.1.0.0", "pool: range 0: subnet \"10.1.0.0\" is not in CIDR notation, such as \"10.1.0.0/16\"")]
    [InlineData("blue --range 10.1.0.5/24", "pool: range 0: Network has host bits set. For a subnet mask of length 24 the network address is 10.1.0.0")]
    [InlineData("blue --range 10.1.0.0/24,rangeStart", "--range '10.1.0.0/24,rangeStart' has the part 'rangeStart', wanted is KEY=VALUE, such as rangeStart=10.1.0.10")]
    [InlineData("blue --range 10.1.0.0/24,rangestart=10.1.0.5", "unknown key \"rangestart\"; did you mean \"rangeStart\"?")]
    [InlineData("blue --range 10.1.0.0/24,gateway=10.1.0.1,gateway=10.1.0.2", "gives 'gateway' twice; keep one of them")]
    [InlineData("blue --range 10.1.0.0/24,gateway=10.2.0.1", "range 0: gateway 10.2.0.1 is not in subnet 10.1.0.0/24, which goes from 10.1.0.0 to 10.1.0.255")]
    [InlineData("blue --range 10.1.0.0/24 --order fastest", "pool: order \"fastest\" is none of \"next\", \"lowest\", \"random\"")]
    [InlineData("blue --range 10.1.0.0/24 --affinity pod", "pool: affinity \"pod\" is none of \"node\", \"none\"")]
    [InlineData("blue --range 10.1.0.0/24 --cooldown soon", "pool: cooldownSeconds is \"soon\", wanted is a whole number")]
    [InlineData("blue --range 10.1.0.0/24 --cooldown -1", "cooldownSeconds is -1, wanted is a whole number from 0 to 2592000")]
    [InlineData("blue --range 10.1.0.0/24 --quota shop", "--quota is 'shop', wanted is NAMESPACE=NUMBER")]
    [InlineData("blue --range 10.1.0.0/24 --quota shop=many", "pool: quotas.shop is \"many\", wanted is a whole number")]
    [InlineData("blue --range 10.1.0.0/24 --quota shop=1000001", "quotas: that of shop is 1000001, and wanted is a number from 0 to 1000000")]
    [InlineData("blue --range 10.1.0.0/24 --quota shop=1 --quota shop=2", "--quota gives 'shop' twice; keep one of them")]
    [InlineData("blue --range 10.1.0.0/24 --node-label fast", "--node-label is 'fast', wanted is KEY=VALUE")]
    [InlineData("blue --range 10.1.0.0/24 --node-label a=1 --node-label a=2", "--node-label gives 'a' twice; keep one of them")]
    [InlineData("blue --range 10.1.0.0/24 --pod-label =web", "--pod-label is '=web', wanted is KEY=VALUE")]
    [InlineData("blue --range 10.1.0.0/24 --namespace-label a=1 --namespace-label a=2", "--namespace-label gives 'a' twice; keep one of them")]
    [InlineData("blue --range 10.1.0.0/24 --route default", "pool: route 0: dst \"default\" is not in CIDR notation")]
    [InlineData("blue --range 10.1.0.0/24 --space -", "space \"-\" is no name")]
    [InlineData("blue -f /nowhere", "the file '/nowhere' can't be read: ")]
    [InlineData("-f - --strict", "--strict is given beside -f; write it into the document, or leave -f out")]
    public async Task What_makes_no_pool_is_a_wrong_option(string arguments, string expected)
    {
        Input = "{}";

        var outcome = await RunAsync(["pool", "create", .. arguments.Split(' ')]);

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
        Assert.Empty((await CatalogAsync()).Pools);
    }

    [Theory]
    [InlineData("", "{", "the pool's document can't be read: it is no JSON at line 1, byte 2\n")]
    [InlineData("", "{\n\"name\": blue}", "the pool's document can't be read: it is no JSON at line 2, byte 9\n")]
    [InlineData("", "[]", "the document is a list of 0 pools; give one")]
    [InlineData("", """{"ranges": []}""", "the pool's document has no \"name\"; give it there, or as NAME on the command line")]
    [InlineData("", """{"name": 5}""", "pool: name is 5, wanted is a text")]
    [InlineData("red", """{"name": "blue"}""", "the document is of pool 'blue', and 'red' is asked for; a pool keeps its name, so make them the same")]
    [InlineData("", """{"name": "blue"}""", "the pool has no range; give at least one, such as {\"subnet\": \"10.1.0.0/16\"}")]
    [InlineData("", """{"name": "blue", "ragnes": []}""", "unknown key \"ragnes\"; did you mean \"ranges\"?")]
    [InlineData("", """{"name": "\ud800", "ranges": []}""", "the pool's document has a text that can't be decoded")]
    [InlineData("", """{"name": "blue", "ranges": [{"subnet": "10.1.0.0/24"}], "nodeSelector": {"labels": {"a": "\udc00x"}}}""", "the pool's document has a text that can't be decoded")]
    [InlineData("", """{"name": "blue", "\udc00": 1}""", "the pool's document has a text that can't be decoded")]
    public async Task What_makes_no_document_is_told(string name, string document, string expected)
    {
        Input = document;

        var outcome = await RunAsync([.. $"pool create {name}".Trim().Split(' '), "-f", "-"]);

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_without_end_is_refused()
    {
        Input = new string(' ', (16 << 20) + 1);

        var outcome = await RunAsync("pool", "create", "-f", "-");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("the file '-' can't be read: it has more than 16777216 characters, which is more than a document may have", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_may_have_comments_and_take_its_name_from_the_command_line()
    {
        var file = ConfigurationFile;
        await File.WriteAllTextAsync(file, """{ /* for the lab */ "ranges": [{"subnet": "10.1.0.0/24"}, {"subnet": "10.2.0.0/24"}], "gateway": "10.2.0.254", }""");

        await DoAsync("pool", "create", "blue", "-f", file);

        Assert.Equal([null, "10.2.0.254"], (await PoolAsync("blue")).Ranges.Select(static range => range.Gateway?.ToString()));
    }

    [Fact]
    public async Task A_store_that_fails_leaves_it_open_whether_the_pool_is_there()
    {
        Meanwhile(static () => throw new StoreException("the disk is on fire."));

        var outcome = await RunAsync("pool", "create", "blue", "--range", "10.1.0.0/24");

        Assert.Equal(
            new CliOutcome(1, "", "ipamctl: the disk is on fire. Whether pool 'blue' is created is unknown: look with 'ipamctl pool show blue'.\n"), outcome);
    }

    [Fact]
    public async Task Of_two_who_create_the_same_pool_one_is_told()
    {
        Meanwhile(() => DoAsync("pool", "create", "blue", "--range", "10.2.0.0/24"));

        Assert.Equal(4, (await RunAsync("pool", "create", "blue", "--range", "10.1.0.0/24")).ExitCode);
        Assert.Equal("10.2.0.0/24", (await PoolAsync("blue")).Ranges[0].Subnet.ToString());
    }
}
