using Ipam.Cli.Terminal;
using Ipam.Cli.Tests.Support;

namespace Ipam.Cli.Tests.Pools;

public sealed class PoolSwitchTests : CatalogTest
{
    [Fact]
    public async Task It_turns_a_pool_off_and_on_and_changes_nothing_else()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.1.0.0/24", "--cooldown", "30");
        var before = await DoAsync("pool", "show", "blue");

        Assert.Equal("disabled pool blue\n", await DoAsync("pool", "disable", "blue"));
        Assert.True((await PoolAsync("blue")).IsDisabled);
        Assert.Equal("pool blue is disabled already\n", await DoAsync("pool", "disable", "blue"));
        Assert.Equal("enabled pool blue\n", await DoAsync("pool", "enable", "blue"));

        Assert.Equal(before, await DoAsync("pool", "show", "blue"));
    }

    [Fact]
    public async Task A_pool_changed_meanwhile_stays_as_it_is()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.1.0.0/24");
        Meanwhile(() => DoAsync("pool", "edit", "blue", "--set", "order=random"));

        var outcome = await RunAsync("pool", "disable", "blue");

        Assert.Equal(4, outcome.ExitCode);
        Assert.StartsWith("ipamctl: not disabled: pool 'blue' was changed meanwhile; nothing was written.", outcome.Error, StringComparison.Ordinal);
        Assert.False((await PoolAsync("blue")).IsDisabled);
    }
}
