using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Service.Health;

namespace Ipam.Service.Pools;

/// <summary>
/// The pools and reservations, at most <see cref="MaxAge"/> old. Those who ask at the same time share a look into the store. Safe for use
/// by several threads at once.
/// </summary>
internal sealed class PoolCatalogSource(IIpamStore store, StoreHealth health, TimeSpan timeout, TimeProvider time)
{
    /// <summary>How long after a change ADDs may still go by what was before. A look into the store at every one would cost a tenth of it.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private volatile PoolCatalog _catalog = PoolCatalog.Empty;
    private Task<PoolCatalog>? _refreshing;
    private long? _readAt;

    /// <summary>The catalog. The same object as long as nothing has changed. Throws <see cref="StoreException"/> if the store fails.</summary>
    public Task<PoolCatalog> GetAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_readAt is { } readAt && time.GetElapsedTime(readAt) < MaxAge)
                return Task.FromResult(_catalog);
            if (_refreshing is null or { IsCompleted: true })
                _refreshing = RefreshAsync();
            return _refreshing.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Makes the next who asks look into the store, whatever its revision is: the store lost its past.</summary>
    public void Forget()
    {
        lock (_lock)
            _readAt = null;
    }

    private async Task<PoolCatalog> RefreshAsync()
    {
        // Not on the caller's thread: it holds the lock.
        await Task.Yield();
        var startedAt = time.GetTimestamp();
        try
        {
            _catalog = await StoreCall.WithTimeoutAsync(store.Description, timeout, time, ReadAsync, CancellationToken.None);
        }
        catch (StoreException e)
        {
            // Each request fails here then, before it comes to anything else that would tell.
            health.Failed(e.Message, isCommit: false);
            throw;
        }
        lock (_lock)
            _readAt = startedAt;
        return _catalog;
    }

    private async Task<PoolCatalog> ReadAsync(CancellationToken cancellationToken)
    {
        var revision = await store.Pools.ReadRevisionAsync(cancellationToken);
        return _readAt is not null && revision == _catalog.Revision ? _catalog : await store.Pools.ReadAsync(cancellationToken);
    }
}
    }

    private async Task<PoolCatalog> RefreshAsync()
    {
        // Not on the caller's thread: it holds the lock.
        await Task.Yield();
        var startedAt = time.GetTimestamp();
        // Each request fails here, or waits here, before it comes to anything else that would tell.
        _catalog = await health.AskAsync(() => StoreCall.WithTimeoutAsync(store.Description, timeout, time, ReadAsync, CancellationToken.None));
