using Ipam.Core.Stores;
using Ipam.Stores;

namespace Ipam.Cli.Tests.Support;

/// <summary>A node whose ipamd reports, far more often than one does.</summary>
internal sealed class ReportingNode : IAsyncDisposable
{
    private readonly IIpamStore _store;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _reporting;

    private ReportingNode(IIpamStore store, NodeEntry entry)
    {
        _store = store;
        _reporting = Task.Run(() => ReportAsync(entry));
    }

    /// <summary>Starts to report.</summary>
    public static async Task<ReportingNode> StartAsync(string url, string node)
    {
        var store = StoreFactory.Create(url, TimeProvider.System, mustExist: true);
        await store.OpenAsync(default);
        var entry = new NodeEntry(node, "instance", "run", "host", "identity", 0);
        Assert.True(await store.Nodes.PutAsync(entry, null, default));
        return new ReportingNode(store, entry);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _reporting;
        await _store.DisposeAsync();
        _end.Dispose();
    }

    private async Task ReportAsync(NodeEntry entry)
    {
        while (!_end.IsCancellationRequested)
        {
            entry = entry with { Renewals = entry.Renewals + 1 };
            Assert.True(await _store.Nodes.PutAsync(entry, "run", default));
            await Task.Delay(2);
        }
    }
}
