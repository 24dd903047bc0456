using System.Net;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Service.Options;
using Ipam.Service.Tests.Support;
using Testing.Servers;

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

    [Fact]
    public async Task It_shows_how_full_the_pools_are_though_there_is_nothing_else_to_do_for_all_and_whether_the_store_serves()
    {
        using var folder = new TempFolder();
        await TestDaemon.CreatePoolAsync(folder.Combine("ipam.db"), new Pool { Name = "blue", Ranges = [new PoolRange { Subnet = Prefix.Parse("10.2.0.0/24") }] });
        var listen = new IPEndPoint(IPAddress.Loopback, Ports.Free());
        await using var daemon = await TestDaemon.StartAsync(
            options => options with { Role = ServiceRole.Controller, Listen = listen }, static store => store.IsSharedByNodes = true, folder.Combine("ipam.db"));
        await daemon.WhenReady;
        using var http = new HttpClient();

        await UntilShownAsync("ipamsuite_pool_addresses_free{pool=\"blue\",family=\"IPv4\"} 253");
        daemon.Store.Break("gone");
        await UntilShownAsync("ipamsuite_store_up 0");
        daemon.Store.Mend();
        await UntilShownAsync("ipamsuite_store_up 1");

        Task UntilShownAsync(string line) => Wait.UntilAsync(
            async () => (await http.GetStringAsync(new Uri($"http://{listen}/metrics"))).Contains($"\n{line}\n", StringComparison.Ordinal), line);
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
