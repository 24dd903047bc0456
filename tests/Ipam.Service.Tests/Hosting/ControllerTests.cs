using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Service.Options;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Hosting;

/// <summary>What a controller does while it leads, by a clock of the test's own.</summary>
public sealed class ControllerTests
{
    private static readonly TimeSpan GoneAfter = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    /// <summary>Less than the time in which a leader must renew its lead.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(2);

    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Fact]
    public async Task The_leases_of_a_node_that_has_been_silent_for_long_enough_are_released()
    {
        await using var daemon = await TestDaemon.StartAsync(
            static options => options with { Role = ServiceRole.Controller, NodeGoneAfter = GoneAfter }, static store => store.IsSharedByNodes = true, time: _time);
        await daemon.WhenReady;
        var address = Address.Parse("10.9.0.1");
        var lease = new Lease
        {
            Space = "default",
            Address = address,
            Owner = new Owner("net", "c1", "eth0"),
            Entry = 0,
            Sequence = 1,
            Node = "dead",
            AcquiredAt = _time.GetUtcNow(),
        };
        var block = new Block(BlockId.Of("default", address), [lease]) { LastSequence = 1, LastOffset = 1, Node = "dead" };
        Assert.Equal(CommitStatus.Committed, Assert.Single(await daemon.Store.CommitAsync([new BlockChange(block, [lease], [])], default)).Status);

        await PassAsync(GoneAfter + Grace - Step, daemon);
        Assert.Single(await daemon.LeasesOf("c1"));
        await PassAsync(TimeSpan.FromMinutes(5), daemon);
        await Wait.UntilAsync(async () => (await daemon.LeasesOf("c1")).Count == 0, "the release");
    }

    /// <summary>No time passes while the store works: a leader that waits for the disk for seconds would lose the lead.</summary>
    private async Task PassAsync(TimeSpan duration, TestDaemon daemon)
    {
        for (var passed = TimeSpan.Zero; passed < duration; passed += Step)
        {
            _time.Advance(Step);
            do
            {
                await Task.Delay(1);
            }
            while (daemon.Store.UnderWay.Count > 0);
        }
    }
}
