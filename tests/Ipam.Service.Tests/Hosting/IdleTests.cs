using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Hosting;

/// <summary>What a service asks of its store while nothing happens.</summary>
public class IdleTests
{
    [Fact]
    public async Task An_idle_node_leaves_a_shared_store_alone_but_for_a_slow_sweep()
    {
        var time = new ManualTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        await using var daemon = await TestDaemon.StartAsync(static options => options, static store => store.IsSharedByNodes = true, time: time);
        await daemon.WhenReady;
        (await daemon.Client.CallAsync("add", NetworkJson.Text("\"subnet\": \"10.9.0.0/24\""), "c1")).EnsureOk();
        // What a start asks for, it has then.
        await PassAsync(TimeSpan.FromSeconds(5), time, daemon);

        var before = daemon.Store.Calls;
        await PassAsync(TimeSpan.FromMinutes(7), time, daemon);
        Assert.Equal(0, daemon.Store.Calls - before);
        await PassAsync(TimeSpan.FromMinutes(6), time, daemon);
        await Wait.UntilAsync(() => daemon.Store.Calls > before, "the sweep");
        Assert.InRange(daemon.Store.Calls - before, 1, 2);
    }

    [Fact]
    public async Task A_node_looks_at_a_store_that_failed_until_it_is_well()
    {
        var time = new ManualTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        await using var daemon = await TestDaemon.StartAsync(static options => options, static store => store.IsSharedByNodes = true, time: time);
        await daemon.WhenReady;
        daemon.Store.Break("gone");
        (await daemon.Client.CallAsync("add", NetworkJson.Text("\"subnet\": \"10.9.0.0/24\""), "c1")).EnsureError(11);
        Assert.Equal(503, (int)(await daemon.Client.GetAsync("/readyz")).Status);

        daemon.Store.Mend();
        await Wait.UntilAsync(async () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return (int)(await daemon.Client.GetAsync("/readyz")).Status == 200;
        }, "a store that is well");
    }

    /// <summary>Lets time pass second by second, as housekeeping goes by it. No time passes while the disk works: it would be too slow for the store's limits.</summary>
    private static async Task PassAsync(TimeSpan duration, ManualTimeProvider time, TestDaemon daemon)
    {
        for (var passed = TimeSpan.Zero; passed < duration; passed += TimeSpan.FromSeconds(1))
        {
            time.Advance(TimeSpan.FromSeconds(1));
            do
            {
                await Task.Delay(2);
            }
            while (daemon.Store.UnderWay.Count > 0);
        }
    }
}
