using Ipam.Cli.Tests.Support;

namespace Ipam.Cli.Tests.Pools;

/// <summary>What <c>pool show</c> prints is read back as it is.</summary>
public sealed class PoolRoundTripTests : CatalogTest
{
    [Theory]
    [InlineData("json")]
    [InlineData("yaml")]
    public async Task What_is_shown_makes_the_same_pool(string format)
    {
        await DoAsync(
            "pool", "create", "lab", "--range", "10.2.0.0/24,rangeStart=10.2.0.20,exclude=10.2.0.64/28", "--range", "fd00::/64", "--cooldown", "60", "--order", "random", "--affinity", "node",
            "--strict", "--route", "0.0.0.0/0=10.2.0.1", "--namespace", "true", "--namespace", "12", "--node", "n-1", "--node-label", "zone=a: b", "--reuse-resting", "--disabled");
        await GiveAsync(Some.Lease("10.2.0.3"));
        var before = await PoolAsync("lab");
        var shown = await DoAsync("pool", "show", "lab", "-o", format);
        Assert.Equal(0, (await RunAsync("pool", "delete", "lab", "--yes")).ExitCode);
        Input = shown;

        Assert.StartsWith("created pool lab", await DoAsync("pool", "create", "-f", "-"), StringComparison.Ordinal);

        Assert.Equal(shown, await DoAsync("pool", "show", "lab", "-o", format));
        Assert.Equal("pool lab is so already\n", await DoAsync("pool", "edit", "lab", "-f", "-"));
        Assert.Equivalent(before with { Version = 0 }, await PoolAsync("lab") with { Version = 0 });
    }

    [Fact]
    public async Task Yaml_that_people_write_is_read_too()
    {
        Input = """
            # Ours.
            name: lab
            ranges:
              - subnet: 10.2.0.0/24
                exclude: [10.2.0.9]
            cooldownSeconds: 30
            strict: false
            order: ~
            """;

        await DoAsync("pool", "create", "-f", "-");

        var pool = await PoolAsync("lab");
        Assert.Equal((30.0, "10.2.0.9"), (pool.Policy.Cooldown.TotalSeconds, pool.Ranges[0].Excluded[0].ToString()));
    }

    [Theory]
    [InlineData("[{\"name\":\"a\"},{\"name\":\"b\"}]", "the document is a list of 2 pools; give one")]
    [InlineData("name: a\nranges: [", "the pool's document can't be read as YAML: line ")]
    [InlineData("name: a\n---\nname: b\n", "the pool's document is several documents; give one pool")]
    [InlineData("name: &x a\nspace: *x\n", "an alias of YAML")]
    [InlineData("name: a\ncooldown: 5\n", "unknown key \"cooldown\"; did you mean \"cooldownSeconds\"?")]
    public async Task What_is_no_pool_is_refused(string document, string message)
    {
        Input = document;

        var outcome = await RunAsync("pool", "create", "-f", "-");

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
    }
}
