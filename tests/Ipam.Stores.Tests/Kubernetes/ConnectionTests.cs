using System.Globalization;
using Ipam.Stores.Tests.Kubernetes.Support;

namespace Ipam.Stores.Tests.Kubernetes;

public sealed class ConnectionTests
{
    private const int ClockTicksPerSecond = 100;

    /// <summary>Field 6 of a line: which timer runs (2 is that of the probes), and after how many ticks of the kernel it ends.</summary>
    [Fact]
    public async Task The_kernel_probes_idle_connections_so_that_a_dead_watch_is_noticed_within_half_a_minute()
    {
        var isSilent = false;
        await using var api = new FakeApi(_ => isSilent ? FakeReply.Silence : new FakeReply(200, """{"metadata":{"resourceVersion":"1"},"items":[]}"""));
        await using var store = await api.OpenAsync();
        isSilent = true;
        using var stop = new CancellationTokenSource();
        var waiting = store.PingAsync(stop.Token);
        while (api.Requests.IsEmpty)
            await Task.Delay(20);
        await Task.Delay(300);

        // IPv4 may be shown among IPv6.
        var remote = $"0100007F:{api.Port:X4}";
        var timers = File.ReadLines("/proc/net/tcp").Concat(File.ReadLines("/proc/net/tcp6"))
            .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[2].EndsWith(remote, StringComparison.Ordinal) && fields[3] == "01").Select(static fields => fields[5].Split(':')).ToList();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        Assert.NotEmpty(timers);
        Assert.All(timers, static timer =>
        {
            Assert.Equal("02", timer[0]);
            Assert.InRange(long.Parse(timer[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture), 1, 10 * ClockTicksPerSecond);
        });
    }
}
