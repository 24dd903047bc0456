using Ipam.Cli.Tests.Support;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores;

namespace Ipam.Cli.Tests.Leases;

public sealed class LeaseWatchTests : CommandTest
{
    private static readonly Lease One = Some.Lease("10.0.0.1", pod: Some.Pod("web-0"));
    private static readonly Lease Two = Some.Lease("10.0.0.2", pod: Some.Pod("web-1"));
    private static readonly Lease Again = One with { Sequence = One.Sequence + 1, AcquiredAt = Some.Noon.AddMinutes(6) };

    [Theory]
    [InlineData("csv", "--columns address,acquired", """
        EVENT,ADDRESS,ACQUIRED
        held,10.0.0.1,2026-03-04T12:00:00Z
        held,10.0.0.2,2026-03-04T12:00:00Z
        released,10.0.0.2,2026-03-04T12:00:00Z
        held,10.0.0.1,2026-03-04T12:06:00Z
        released,10.0.0.1,2026-03-04T12:00:00Z

        """)]
    [InlineData("table", "--columns address", """
        EVENT  ADDRESS
        held   10.0.0.1
        held   10.0.0.2
        released  10.0.0.2
        held      10.0.0.1
        released  10.0.0.1

        """)]
    public async Task What_changes_is_printed_until_it_ends(string format, string options, string expected)
    {
        await GiveAsync(One, Two, Some.Lease("10.0.0.3", network: "other"));
        var listings = 0;
        CreateStore = url => new MeddlingStore(StoreFactory.Create(url, TimeProvider.System), () => Task.CompletedTask, () => ++listings switch
        {
            2 => ChangeAsync(added: [], removed: [Two]),
            4 => ChangeAsync(added: [Again], removed: [One]),
            6 => throw new StoreException("the disk is on fire."),
            _ => Task.CompletedTask,
        });

        var outcome = await RunOverTimeAsync(["lease", "list", "--network", "pods", "-w", "-o", format, .. options.Split(' ')]);

        Assert.Equal((1, "ipamctl: the disk is on fire.\n"), (outcome.ExitCode, outcome.Error));
        Assert.Equal(expected, outcome.Output.Replace("\r", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--limit 5", "--limit is for lists that end, and --watch doesn't.")]
    [InlineData("--sort age", "--sort is for lists that end, and --watch doesn't.")]
    [InlineData("-o json", "--watch doesn't end, so it has no format 'json'; use jsonl, csv or a table.")]
    public async Task What_needs_an_end_is_refused(string options, string message)
    {
        var outcome = await RunAsync(["lease", "list", "--watch", .. options.Split(' ')]);

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
    }
}
