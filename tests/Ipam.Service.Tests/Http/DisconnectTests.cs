using System.Text;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Http;

/// <summary>Clients that don't wait for their answer.</summary>
public sealed class DisconnectTests : IAsyncLifetime
{
    private static readonly string Network = NetworkJson.Text("""
        "subnet": "10.4.0.0/16"
        """);

    private TestDaemon _daemon = null!;

    public async Task InitializeAsync() => _daemon = await TestDaemon.StartAsync();

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Fact]
    public async Task An_ADD_whose_client_goes_away_before_its_turn_takes_nothing()
    {
        var hanging = _daemon.Store.Hang();
        var first = _daemon.Client.CallAsync("add", Network, "first");
        await hanging;
        using (var connection = await RawConnection.OpenAsync(_daemon.Options.Socket))
        {
            await connection.SendAsync(RawConnection.AddHead(Network.Length, "gone").Replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n", StringComparison.Ordinal));
            Assert.StartsWith("HTTP/1.1 100 ", await connection.ReadAsync(), StringComparison.Ordinal);
            await connection.SendAsync(Network);
        }
        await Wait.UntilAsync(async () => (await _daemon.MetricsAsync()).Samples.Keys.Any(static sample =>
            sample.StartsWith("ipamsuite_request_duration_seconds_count{verb=\"ADD\"", StringComparison.Ordinal)));
        _daemon.Store.Mend();

        Assert.Equal("10.4.0.2/16", (await first).Addresses);
        Assert.Equal("10.4.0.3/16", (await _daemon.Client.CallAsync("add", Network, "next")).Addresses);
        Assert.Empty(await _daemon.LeasesOf("gone"));
    }

    [Fact]
    public async Task A_DEL_whose_client_goes_away_is_carried_out_all_the_same()
    {
        (await _daemon.Client.CallAsync("add", Network, "c1")).EnsureOk();
        using var impatience = new CancellationTokenSource();
        var hanging = _daemon.Store.Hang();
        var call = _daemon.Client.CallAsync("del", new StringContent(Network, Encoding.UTF8), "c1", impatience.Token);
        await hanging;
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Wait.UntilAsync(() => _daemon.Spooled.Length == 1);
        _daemon.Store.Mend();

        await Wait.UntilAsync(async () => (await _daemon.LeasesOf("c1")).Count == 0 && _daemon.Spooled.Length == 0);
    }
}
