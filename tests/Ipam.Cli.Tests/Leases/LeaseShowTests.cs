using Ipam.Cli.Terminal;
using Ipam.Cli.Tests.Support;

namespace Ipam.Cli.Tests.Leases;

public sealed class LeaseShowTests : CommandTest
{
    [Fact]
    public async Task A_lease_is_shown_in_full()
    {
        await GiveAsync(Some.Lease("10.0.0.8"), Some.Lease("10.0.0.9", pod: Some.Pod("web-0")));

        var outcome = await RunAsync("lease", "show", "10.0.0.9");

        Assert.Equal(new CliOutcome(0,
            """
            ADDRESS    10.0.0.9
            SPACE      default
            NETWORK    pods
            CONTAINER  10.0.0.9-default-container
            INTERFACE  eth0
            POD        shop/web-0
            NODE       node-a
            AGE        5m
            SEQUENCE   1772625600000001
            NETNS      /run/netns/a
            ACQUIRED   2026-03-04T12:00:00Z
            POD UID    uid-of-web-0

            """, ""), outcome);
    }

    [Fact]
    public async Task An_address_held_in_two_spaces_is_shown_twice()
    {
        await GiveAsync(Some.Lease("10.0.0.9"), Some.Lease("10.0.0.9", space: "blue"));

        var outcome = await RunAsync("lease", "show", "10.0.0.9");

        var spaces = outcome.Output.Split('\n').Where(line => line.StartsWith("SPACE", StringComparison.Ordinal));
        Assert.Equal(["SPACE      blue", "SPACE      default"], spaces);
    }

    [Fact]
    public async Task A_named_space_is_the_only_one_looked_into()
    {
        await GiveAsync(Some.Lease("10.0.0.9"), Some.Lease("10.0.0.9", space: "blue"));

        var outcome = await RunAsync("lease", "show", "10.0.0.9", "--space", "blue", "-o", "yaml");

        Assert.Contains("space: \"blue\"", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("default", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("web-0", "10.0.0.9\nfd00::9\n")]
    [InlineData("shop/web-0", "10.0.0.9\nfd00::9\n")]
    [InlineData("10.0.0.8-def", "10.0.0.8\n")]
    public async Task What_a_pod_or_a_container_holds_is_shown(string whose, string expected)
    {
        await GiveAsync(Some.Lease("10.0.0.8"), Some.Lease("10.0.0.9", pod: Some.Pod("web-0")), Some.Lease("fd00::9", pod: Some.Pod("web-0")));

        var outcome = await RunAsync("lease", "show", whose, "-o", "yaml");

        var addresses = outcome.Output.Split('\n').Where(static line => line.StartsWith("- address:", StringComparison.Ordinal)).Select(static line => line.Split('"')[1] + "\n");
        Assert.Equal(expected, string.Concat(addresses));
    }

    [Fact]
    public async Task Who_holds_nothing_is_not_found()
    {
        await GiveAsync(Some.Lease("10.0.0.9", pod: Some.Pod("web-0")));

        var outcome = await RunAsync("lease", "show", "web-1");

        Assert.Equal((3, ""), (outcome.ExitCode, outcome.Output));
        Assert.StartsWith("ipamctl: 'web-1' is no address, and no pod of that name and no container whose id begins so holds one in any space of ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_spelling_of_an_address_finds_it()
    {
        await GiveAsync(Some.Lease("fd00::9"));

        Assert.Equal(0, (await RunAsync("lease", "show", "FD00:0:0::0009")).ExitCode);
    }

    [Theory]
    [InlineData("10.0.0.10", "ipamctl: 10.0.0.10 is not held in any space of ")]
    [InlineData("10.0.0.9 --space blue", "ipamctl: 10.0.0.9 is not held in space 'blue' of ")]
    [InlineData("192.168.0.1", "ipamctl: 192.168.0.1 is not held in any space of ")]
    public async Task An_address_that_nobody_holds_is_not_found(string arguments, string expected)
    {
        await GiveAsync(Some.Lease("10.0.0.9"));

        var outcome = await RunAsync(["lease", "show", .. arguments.Split(' ')]);

        Assert.Equal((3, ""), (outcome.ExitCode, outcome.Output));
        Assert.StartsWith(expected, outcome.Error, StringComparison.Ordinal);
    }
}
