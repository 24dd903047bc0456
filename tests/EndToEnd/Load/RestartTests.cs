using System.Collections.Concurrent;
using EndToEnd.Support;

namespace EndToEnd.Load;

/// <summary>An ipamd that is stopped, or dies, and is started again: no call that a runtime makes meanwhile fails.</summary>
public sealed class RestartTests : WholeMachineTests, IDisposable
{
    private const int Restarts = 8;
    private const int Workers = 6;

    private static readonly NetworkConfig Network = new("restart") { Ipam = """ "ranges": [[{ "subnet": "10.62.0.0/24" }]] """, Wait = 15 };

    private readonly Site _site = new();

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task No_call_fails_while_ipamd_is_restarted()
    {
        var ipamd = await Ipamd.StartAsync(_site);
        var held = new ConcurrentDictionary<string, string>();
        var traffic = new Traffic(Workers, container =>
        {
            var address = _site.Add(Network, container).EnsureSuccess().Address;
            Assert.True(held.TryAdd(address, container), $"{address} is held by {held.GetValueOrDefault(address)}, and {container} got it");
            _site.CallForNetwork("STATUS", Network).EnsureSuccess();
            held.TryRemove(address, out _);
            _site.Del(Network, container).EnsureSuccess();
        });
        try
        {
            for (var restart = 0; restart < Restarts; restart++)
            {
                await traffic.SeeAsync(4);
                await (restart % 2 == 0 ? ipamd.StopAsync() : ipamd.KillAsync());
                await ipamd.DisposeAsync();
                ipamd = Ipamd.Launch(_site);
            }
        }
        finally
        {
            await traffic.StopAsync();
            await ipamd.DisposeAsync();
        }
    }
}
