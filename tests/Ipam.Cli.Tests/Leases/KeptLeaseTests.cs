using Ipam.Cli.Tests.Support;
using Ipam.Core.Blocks;

namespace Ipam.Cli.Tests.Leases;

/// <summary>Addresses that are kept for owners without a container.</summary>
public sealed class KeptLeaseTests : CatalogTest
{
    [Fact]
    public async Task They_are_listed_by_their_state_with_their_owner_and_end_by_a_release()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.0.0.0/28", "--sticky", "--sticky-seconds", "3600");
        await GiveAsync(Some.Lease("10.0.0.2"), Kept("10.0.0.3"), Kept("10.0.0.4"));

        Assert.Matches("\n10\\.0\\.0\\.3  default  sticky:\\w+  StatefulSet/shop/web-0  eth0 ", await DoAsync("lease", "list", "--state", "kept"));
        Assert.Equal("10.0.0.3\n10.0.0.4\n", await DoAsync("lease", "list", "--state", "kept", "-o", "name"));
        Assert.Contains("\"sticky\": \"StatefulSet/shop/web-0\",\n    \"stickySeconds\": 3600", await DoAsync("lease", "list", "--state", "kept", "-o", "json"), StringComparison.Ordinal);
        Assert.Contains("x#KK..........\n", await DoAsync("map", "10.0.0.0/28"), StringComparison.Ordinal);
        Assert.Contains("K  kept for its owner\n", await DoAsync("pool", "map", "blue"), StringComparison.Ordinal);
        Assert.Contains("STICKY            3600s\n", await DoAsync("pool", "show", "blue"), StringComparison.Ordinal);

        var asked = await RunAsync("lease", "release", "10.0.0.3", "--yes");
        Assert.Equal((0, "released 10.0.0.3 in space default\n"), (asked.ExitCode, asked.Output));
        Assert.Equal("10.0.0.4\n", await DoAsync("lease", "list", "--state", "kept", "-o", "name"));
    }

    [Fact]
    public async Task A_container_that_is_released_by_hand_leaves_nothing_and_an_export_has_both()
    {
        var lease = Some.Lease("10.0.0.2") with { Sticky = new StickyMark(new StickyOwner(StickyKind.Name, "", "printer"), null), NetworkNamespace = "/run/netns/a" };
        await GiveAsync(lease, Kept("10.0.0.3"));
        Assert.Contains("\"netns\":\"/run/netns/a/sticky:0:Name//printer\"", (await RunAsync("export")).Output, StringComparison.Ordinal);

        Assert.Equal(0, (await RunAsync("lease", "release", "10.0.0.2", "--yes")).ExitCode);

        Assert.Equal("10.0.0.3\n", await DoAsync("lease", "list", "-o", "name"));
    }

    [Fact]
    public async Task A_time_without_sticky_is_refused()
    {
        var outcome = await RunAsync("pool", "create", "blue", "--range", "10.0.0.0/28", "--sticky-seconds", "3600");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("pool: stickySeconds means nothing without sticky; set sticky to true, or leave stickySeconds out", outcome.Error, StringComparison.Ordinal);
    }

    private static Lease Kept(string address)
    {
        var lease = Some.Lease(address);
        return (lease with { Sticky = new StickyMark(new StickyOwner(StickyKind.StatefulSet, "shop", "web-0"), TimeSpan.FromHours(1)) }).Kept(lease.AcquiredAt, "")!;
    }
}
