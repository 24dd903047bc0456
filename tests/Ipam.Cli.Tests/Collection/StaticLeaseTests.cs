using Ipam.Core.Blocks;

namespace Ipam.Cli.Tests.Collection;

/// <summary>Nothing that looks for leaks ends a lease of what is outside.</summary>
public sealed class StaticLeaseTests : CollectionTest
{
    private static readonly string[] GoneAfter = ["--node-gone-after", "60"];

    [Fact]
    public async Task Neither_gc_nor_repair_nor_node_forget_ends_it_whatever_node_it_names()
    {
        var outside = Owned(Of("10.0.0.3", ""));
        var odd = Owned(Of("10.0.0.4", "dead"));
        await GiveAsync(Of("10.0.0.1", "dead"), outside, odd);

        var report = await RunOverTimeAsync(["check", "-o", "json", .. GoneAfter]);
        Assert.Contains("10.0.0.1", report.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("10.0.0.3", report.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("10.0.0.4", report.Output, StringComparison.Ordinal);
        var forged = report.Output.Replace("10.0.0.1", "10.0.0.4", StringComparison.Ordinal);
        await RunOverTimeAsync(["repair", Write("forged.json", forged), "--yes", .. GoneAfter]);
        Assert.Equal([Of("10.0.0.1", "dead"), outside, odd], await LeasesAsync());

        Assert.Equal(0, (await RunOverTimeAsync(["gc", "--grace", "10", .. GoneAfter])).ExitCode);
        Assert.Equal([outside, odd], await LeasesAsync());

        await RunOverTimeAsync("node", "forget", "dead", "--force", "--yes");
        Assert.Equal([outside, odd], await LeasesAsync());
        Assert.DoesNotContain("unregistered", (await RunAsync("node", "list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_leaked_are_those_that_check_finds_and_the_filters_choose_among_them()
    {
        await GiveAsync(Of("10.0.0.1", "dead"), Owned(Of("10.0.0.3", "dead")), Of("10.0.1.1", "dead"), Of("10.0.1.2", "alive"));
        await using var alive = await Support.ReportingNode.StartAsync(DatabaseUrl, "alive");

        var all = await RunOverTimeAsync(["lease", "list", "--state", "leaked", "-o", "name", .. GoneAfter]);
        Assert.Equal((0, "10.0.0.1\n10.0.1.1\n"), (all.ExitCode, all.Output));
        Assert.Contains("waits for signs of the nodes' ipamds, up to 60 s", all.Error, StringComparison.Ordinal);
        var some = await RunOverTimeAsync(["lease", "list", "10.0.1.0/24", "--state", "leaked", "-o", "name", .. GoneAfter]);
        Assert.Equal((0, "10.0.1.1\n"), (some.ExitCode, some.Output));
        Assert.Equal(4, (await LeasesAsync()).Count);
    }

    [Fact]
    public async Task A_block_that_cannot_be_read_may_have_more_of_the_leaked()
    {
        await GiveAsync(Of("10.0.0.1", "dead"), Of("10.0.1.1", "dead"));
        await using var alive = await Support.ReportingNode.StartAsync(DatabaseUrl, "alive");
        await ExecuteAsync("UPDATE blocks SET last_offset = 64 WHERE base = x'040a000100'");

        var outcome = await RunOverTimeAsync(["lease", "list", "--state", "leaked", "-o", "name", .. GoneAfter]);

        Assert.Equal((5, "10.0.0.1\n"), (outcome.ExitCode, outcome.Output));
        Assert.Contains("not shown: the block default 10.0.1.0/26", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_can_tell_that_an_owner_is_gone_it_says_so()
    {
        await GiveAsync(Of("10.0.0.1", "dead"));

        var outcome = await RunAsync("lease", "list", "--state", "leaked");

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains("nothing here can tell that an owner is gone, as the store belongs to no cluster", outcome.Error, StringComparison.Ordinal);
    }

    private static Lease Owned(Lease lease) => lease with { Owner = Owner.Static("outside", "printer", lease.Space, lease.Address) };
}
