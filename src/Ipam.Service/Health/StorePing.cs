using Ipam.Core.Stores;

namespace Ipam.Service.Health;

/// <summary>
/// Whether the store answers. Those who ask at the same time share a ping, and what it showed, or a commit, serves for a moment. Safe for use by several
/// threads at once.
/// </summary>
internal sealed class StorePing(IIpamStore store, StoreHealth health, TimeSpan timeout, TimeProvider time)
{
    /// <summary>As long as what a look at the store showed serves for other verdicts.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task? _underWay;

    /// <summary>Returns if it answers. Throws <see cref="StoreException"/> if not.</summary>
    public Task EnsureAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (health.HasServedWithin(MaxAge))
                return Task.CompletedTask;
            if (_underWay is null or { IsCompleted: true })
                _underWay = Task.Run(PingAsync, CancellationToken.None);
            return _underWay.WaitAsync(cancellationToken);
        }
    }

    private async Task PingAsync()
    {
        await StoreCall.WithTimeoutAsync(
            store.Description, timeout, time,
            async token =>
            {
                await store.PingAsync(token);
                return true;
            },
            CancellationToken.None);
        health.Served();
    }
}
