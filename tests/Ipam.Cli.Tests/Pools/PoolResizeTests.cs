using Ipam.Cli.Tests.Support;

namespace Ipam.Cli.Tests.Pools;

public sealed class PoolResizeTests : CatalogTest
{
    [Fact]
    public async Task It_shows_what_it_cuts_off_before_it_does_it()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.0.0.0/24", "--cooldown", "60");
        await GiveAsync(Some.Lease("10.0.0.9"), Some.Lease("10.0.0.200"), Some.Lease("10.0.0.201"));
        string[] smaller = ["pool", "resize", "blue", "--range", "10.0.0.0/24,rangeEnd=10.0.0.99"];

        Assert.Equal(
            new CliOutcome(0, "would resize pool blue, leases cut off: 2\n",
                "ipamctl: pool blue: addresses 253 before, 98 then, of which 97 are free\n"
                + "ipamctl: leases that this cuts off, and that stay until they are released: 2 (10.0.0.200, 10.0.0.201)\n"),
            await RunAsync([.. smaller, "--dry-run"]));
        Assert.Equal(4, (await RunAsync(smaller)).ExitCode);
        Assert.Equal("10.0.0.2-10.0.0.254", (await PoolAsync("blue")).Ranges[0].Bounds.ToString().Replace("10.0.0.1-", "10.0.0.2-", StringComparison.Ordinal));
        Assert.Equal("resized pool blue, leases cut off: 2\n", (await RunAsync([.. smaller, "--yes"])).Output);
        Assert.Equal(("10.0.0.99", 60.0), ((await PoolAsync("blue")).Ranges[0].Last.ToString(), (await PoolAsync("blue")).Policy.Cooldown.TotalSeconds));
        Assert.Equal(3, (await LeasesAsync()).Count);
    }

    [Theory]
    [InlineData(2, "Option '--range' is required.", "blue")]
    [InlineData(2, "Network has host bits set", "blue", "--range", "10.0.0.1/24")]
    [InlineData(3, "there is no pool 'red'", "red", "--range", "10.0.0.0/24")]
    public async Task What_makes_no_sense_is_refused(int exitCode, string message, params string[] arguments)
    {
        await DoAsync("pool", "create", "blue", "--range", "10.0.0.0/24");

        var outcome = await RunAsync(["pool", "resize", "--yes", .. arguments]);

        Assert.Equal((exitCode, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
    }
}
