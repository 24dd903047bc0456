using System.Diagnostics;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Hosting;

/// <summary>Being told to stop while the store hangs.</summary>
public sealed class StopTests
{
    private static readonly string Network = NetworkJson.Text("""
        "subnet": "10.1.0.0/24"
        """);

    [Fact]
    public async Task It_stops_in_bounded_time_and_a_DEL_in_flight_is_written_down()
    {
        await using var daemon = await TestDaemon.StartAsync(requestTimeout: TimeSpan.FromSeconds(3));
        (await daemon.Client.CallAsync("add", Network)).EnsureOk();
        var hanging = daemon.Store.Hang(calls: 2);
        var deleting = daemon.Client.CallAsync("del", Network);
        var adding = daemon.Client.CallAsync("add", Network, "other");
        await hanging;
        var start = Stopwatch.GetTimestamp();

        daemon.Stop();
        await daemon.Running;

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(20));
        (await deleting).EnsureOk();
        (await adding).EnsureError(11);
        Assert.Single(daemon.Spooled);
    }
}
