using Ipam.Cli.Terminal;
using Ipam.Cli.Tests.Support;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores;

namespace Ipam.Cli.Tests.Leases;

public sealed class LeaseReleaseTests : CommandTest
{
    private static readonly Lease Other = Some.Lease("10.0.0.8");
    private static readonly Lease Nine = Some.Lease("10.0.0.9", pod: Some.Pod("web-0"));

    [Fact]
    public async Task It_releases_that_lease_and_no_other()
    {
        await GiveAsync(Other, Nine, Some.Lease("fd00::9"));

        var outcome = await RunAsync("lease", "release", "10.0.0.9", "--yes");

        Assert.Equal((0, "released 10.0.0.9 in space default\n"), (outcome.ExitCode, outcome.Output));
        Assert.Equal([Other, Some.Lease("fd00::9")], await LeasesAsync());
    }

    [Fact]
    public async Task It_shows_the_lease_before_it_asks()
    {
        await GiveAsync(Nine);
        Answer = static () => "y";

        var outcome = await RunAsync("lease", "release", "10.0.0.9");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Matches("""^ADDRESS +10\.0\.0\.9\n(.*\n)+POD +shop/web-0\n(.*\n)+.*Release it in space 'default'\? \[y/N\] $""", outcome.Error);
        Assert.Empty(await LeasesAsync());
    }

    [Theory]
    [InlineData("y", 0)]
    [InlineData(" YES ", 0)]
    [InlineData("n", 4)]
    [InlineData("", 4)]
    [InlineData("yesterday", 4)]
    [InlineData(null, 4)]
    public async Task Only_yes_is_yes(string? answer, int exitCode)
    {
        await GiveAsync(Nine);
        Answer = () => answer;

        var outcome = await RunAsync("lease", "release", "10.0.0.9");

        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.Equal(exitCode == 0 ? [] : [Nine], await LeasesAsync());
    }

    [Fact]
    public async Task Without_a_terminal_it_refuses_and_says_what_to_do()
    {
        await GiveAsync(Nine);
        Answer = null;

        var outcome = await RunAsync("lease", "release", "10.0.0.9");

        Assert.Equal((4, ""), (outcome.ExitCode, outcome.Output));
        Assert.EndsWith("Use --yes to release without asking, --dry-run to only look.\n", outcome.Error, StringComparison.Ordinal);
        Assert.Equal([Nine], await LeasesAsync());
    }

    [Theory]
    [InlineData("--dry-run")]
    [InlineData("--dry-run --yes")]
    public async Task A_dry_run_changes_nothing(string options)
    {
        await GiveAsync(Nine);
        Answer = static () => throw new InvalidOperationException("nothing is to be asked");

        var outcome = await RunAsync(["lease", "release", "10.0.0.9", .. options.Split(' ')]);

        Assert.Equal((0, "would release 10.0.0.9 in space default\n"), (outcome.ExitCode, outcome.Output));
        Assert.Equal([Nine], await LeasesAsync());
    }

    [Fact]
    public async Task An_address_that_nobody_holds_is_not_found()
    {
        await GiveAsync(Other);

        var outcome = await RunAsync("lease", "release", "10.0.0.9", "--yes");

        Assert.Equal((3, ""), (outcome.ExitCode, outcome.Output));
    }

    [Fact]
    public async Task An_address_held_in_two_spaces_needs_the_space()
    {
        var blue = Some.Lease("10.0.0.9", space: "blue");
        await GiveAsync(Nine, blue);

        var refused = await RunAsync("lease", "release", "10.0.0.9", "--yes");
        Assert.Equal((4, "ipamctl: 10.0.0.9 is held in several spaces: 'blue', 'default'. Name one by --space.\n"), (refused.ExitCode, refused.Error));
        Assert.Equal([blue, Nine], await LeasesAsync());

        Assert.Equal(0, (await RunAsync("lease", "release", "10.0.0.9", "--yes", "--space", "default")).ExitCode);
        Assert.Equal([blue], await LeasesAsync());
    }

    [Fact]
    public async Task A_lease_handed_out_anew_while_the_question_was_open_stays()
    {
        var newer = Nine with { Owner = new Owner("pods", "new", "eth0"), Sequence = Nine.Sequence + 1 };
        await GiveAsync(Nine);
        Answer = () =>
        {
            ChangeAsync(added: [newer], removed: [Nine]).Wait();
            return "y";
        };

        var outcome = await RunAsync("lease", "release", "10.0.0.9");

        Assert.Equal((4, ""), (outcome.ExitCode, outcome.Output));
        Assert.EndsWith("ipamctl: not released: 10.0.0.9 was handed out anew meanwhile. Look again with 'ipamctl lease show 10.0.0.9'.\n",
            outcome.Error, StringComparison.Ordinal);
        Assert.Equal([newer], await LeasesAsync());
    }

    [Fact]
    public async Task A_newer_lease_of_the_same_owner_stays_too()
    {
        var newer = Nine with { Sequence = Nine.Sequence + 1 };
        await GiveAsync(Nine);
        CreateStore = url => new MeddlingStore(StoreFactory.Create(url, TimeProvider.System), Once(() => ChangeAsync(added: [newer], removed: [Nine])));

        var outcome = await RunAsync("lease", "release", "10.0.0.9", "--yes");

        Assert.Equal((4, ""), (outcome.ExitCode, outcome.Output));
        Assert.Equal([newer], await LeasesAsync());
    }

    [Fact]
    public async Task A_lease_released_meanwhile_is_not_found()
    {
        await GiveAsync(Nine);
        CreateStore = url => new MeddlingStore(StoreFactory.Create(url, TimeProvider.System), Once(() => ChangeAsync(added: [], removed: [Nine])));

        Assert.Equal(3, (await RunAsync("lease", "release", "10.0.0.9", "--yes")).ExitCode);
    }

    [Fact]
    public async Task A_store_that_fails_in_the_commit_leaves_it_open_whether_the_lease_is_released()
    {
        await GiveAsync(Nine);
        CreateStore = url => new MeddlingStore(StoreFactory.Create(url, TimeProvider.System), () => throw new StoreException("the disk is on fire."));

        var outcome = await RunAsync("lease", "release", "10.0.0.9", "--yes");

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.EndsWith(
            "ipamctl: the disk is on fire. Whether 10.0.0.9 is released is unknown: look with 'ipamctl lease show 10.0.0.9'.\n",
            outcome.Error, StringComparison.Ordinal);
    }

    private static Func<Task> Once(Func<Task> action)
    {
        var done = false;
        return () =>
        {
            var first = !done;
            done = true;
            return first ? action() : Task.CompletedTask;
        };
    }
}
