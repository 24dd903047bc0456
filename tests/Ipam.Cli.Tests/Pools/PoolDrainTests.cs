using Ipam.Cli.Tests.Support;

namespace Ipam.Cli.Tests.Pools;

public sealed class PoolDrainTests : CatalogTest
{
    [Fact]
    public async Task It_disables_the_pool_and_says_what_is_left()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.0.0.0/24");
        await GiveAsync(Some.Lease("10.0.0.9"));

        Assert.Equal("pool blue is disabled; leases in its ranges: 1 (10.0.0.9)\n", await DoAsync("pool", "drain", "blue"));
        Assert.True((await PoolAsync("blue")).IsDisabled);
        await ChangeAsync(added: [], removed: [Some.Lease("10.0.0.9")]);
        Assert.Equal("pool blue is drained: it is disabled, and no lease lies in its ranges\n", await DoAsync("pool", "drain", "blue"));
        Assert.Equal(3, (await RunAsync("pool", "drain", "red")).ExitCode);
    }

    [Fact]
    public async Task It_waits_for_leases_to_end_but_not_for_ever()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.0.0.0/24");
        await GiveAsync(Some.Lease("10.0.0.9"));

        var late = await RunOverTimeAsync("pool", "drain", "blue", "--wait", "5");
        Assert.Equal((1, "ipamctl: pool blue is disabled; leases in its ranges: 1 (10.0.0.9). Run it again: it goes on.\n"), (late.ExitCode, late.Error));

        var waiting = RunOverTimeAsync("pool", "drain", "blue", "--wait", "86400");
        await ChangeAsync(added: [], removed: [Some.Lease("10.0.0.9")]);
        Assert.Equal((0, "pool blue is drained: it is disabled, and no lease lies in its ranges\n"), (await waiting is var done ? (done.ExitCode, done.Output) : default));
    }
}
