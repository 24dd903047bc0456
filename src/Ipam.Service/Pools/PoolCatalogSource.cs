using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Service.Health;

namespace Ipam.Service.Pools;

/// <summary>
/// The pools and reservations, at most <see cref="MaxAge"/> old. Those who ask at the same time share a look into the store. Safe for use
/// by several threads at once.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="obstacle">Why nothing is handed out now; null for no reason.</param>
/// <param name="health">Is told how the store does.</param>
/// <param name="timeout">The longest a look may take.</param>
/// <param name="time">The clock.</param>
internal sealed class PoolCatalogSource(IIpamStore store, Func<StoreException?> obstacle, StoreHealth health, TimeSpan timeout, TimeProvider time)
{
    /// <summary>How long after a change ADDs may still go by what was before. A look into the store at every one would cost a tenth of it.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(100);

    /// <summary>How long the store's new past is called a loss, if nobody says that it was mended. Who mends it notices sooner.</summary>
    private static readonly TimeSpan LossAge = TimeSpan.FromMinutes(2);

    private readonly Lock _lock = new();
    private volatile PoolCatalog _catalog = PoolCatalog.Empty;
    private Task<PoolCatalog>? _refreshing;
    private long? _readAt;

    /// <summary>The store's past since before the first of these catalogs was read.</summary>
    private StorePast? _past;
    private PoolCatalog? _keptWith;
    private Task? _checking;
    private long? _lostAt;

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

    /// <summary>
    /// Returns if the store kept its past, so that a pool that <paramref name="catalog"/> lacks is one that nobody made, or that somebody deleted. Those who ask
    /// at the same time share a look into the store, and it serves as long as the catalog stays the same. Throws <see cref="StoreException"/> if the store lost
    /// data, or fails.
    /// </summary>
    public Task EnsureKeptAsync(PoolCatalog catalog, CancellationToken cancellationToken)
    {
        // A loss that was noticed at the start is older than the first catalog.
        if (obstacle() is { } held)
            return Task.FromException(held);
        lock (_lock)
        {
            if (_keptWith == catalog)
                return Task.CompletedTask;
            if (_checking is null or { IsCompleted: true })
                _checking = CheckPastAsync(catalog);
            return _checking.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Makes the next who asks look into the store, whatever its revision is: the store lost its past, and that is mended.</summary>
    public void Forget()
    {
        lock (_lock)
            (_readAt, _past, _keptWith, _lostAt) = (null, null, null, null);
    }

    private async Task CheckPastAsync(PoolCatalog catalog)
    {
        // Not on the caller's thread: it holds the lock.
        await Task.Yield();
        var past = await StoreCall.WithTimeoutAsync(store.Description, timeout, time, store.Past.ReadAsync, CancellationToken.None);
        lock (_lock)
        {
            if (past.Revision == StorePast.WentBack || _past?.IsKeptBy(past) == false)
                _lostAt = time.GetTimestamp();
            _past = past;
            if (_lostAt is { } lostAt && time.GetElapsedTime(lostAt) < LossAge)
            {
                throw new StoreException(
                    $"{store.Description} lost data that it had confirmed, pools among them; no address is handed out until the leases are there again, and the pools are for you to make again")
                {
                    IsLoss = true,
                };
            }
            _keptWith = catalog;
        }
    }

    private async Task<PoolCatalog> RefreshAsync()
    {
        // Not on the caller's thread: it holds the lock.
        await Task.Yield();
        var startedAt = time.GetTimestamp();
        // Each request fails here, or waits here, before it comes to anything else that would tell.
        _catalog = await health.AskAsync(() => StoreCall.WithTimeoutAsync(store.Description, timeout, time, ReadAsync, CancellationToken.None));
        lock (_lock)
            _readAt = startedAt;
        return _catalog;
    }

    private async Task<PoolCatalog> ReadAsync(CancellationToken cancellationToken)
    {
        // Before the catalog: what is lost between the two is noticed.
        _past ??= await store.Past.ReadAsync(cancellationToken);
        var revision = await store.Pools.ReadRevisionAsync(cancellationToken);
        return _readAt is not null && revision == _catalog.Revision ? _catalog : await store.Pools.ReadAsync(cancellationToken);
    }
}
