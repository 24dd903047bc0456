using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Pools;

/// <summary>
/// Pools and reservations as IPPools and IPReservations. Once the revision has been asked for, a watch of either kind keeps it in memory:
/// they are few and seldom change. Reading the catalog always asks the server.
/// </summary>
internal sealed class KubernetesPools : IPoolStore, IAsyncDisposable
{
    private readonly TimeSpan _watchPatience;
    private readonly CatalogCache _cache = new();
    private readonly CatalogObjects<Pool> _pools;
    private readonly CatalogObjects<Reservation> _reservations;
    private readonly Follower[] _followers;
    private readonly SemaphoreSlim _starting = new(1);
    private volatile bool _isFollowing;

    /// <summary>Those that a client leads to.</summary>
    /// <param name="client">The client.</param>
    /// <param name="objectsPerPage">Objects asked for in one request of a listing.</param>
    /// <param name="watchPatience">How long a broken watch may go unnoticed by those who ask for the revision.</param>
    /// <param name="time">The clock.</param>
    public KubernetesPools(Func<IKubernetesClient> client, int objectsPerPage, TimeSpan watchPatience, TimeProvider time)
    {
        _watchPatience = watchPatience;
        _pools = new CatalogObjects<Pool>(client, CatalogKinds.Pools, _cache.TakePools, objectsPerPage);
        _reservations = new CatalogObjects<Reservation>(client, CatalogKinds.Reservations, _cache.TakeReservations, objectsPerPage);
        _followers = [new Follower(_pools.FollowAsync, time), new Follower(_reservations.FollowAsync, time)];
    }

    /// <inheritdoc/>
    public async Task<long> ReadRevisionAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_isFollowing)
            await StartAsync(cancellationToken);
        foreach (var follower in _followers)
        {
            if (!follower.IsBrokenFor(_watchPatience))
                continue;
            await RefreshAsync(cancellationToken);
            break;
        }
        return _cache.Revision;
    }

    /// <inheritdoc/>
    public async Task<PoolCatalog> ReadAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        return _cache.Read();
    }

    /// <inheritdoc/>
    public Task<bool> PutAsync(Pool pool, CancellationToken cancellationToken) => _pools.PutAsync(pool.Name, pool.Version, pool, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(Pool pool, CancellationToken cancellationToken) => _pools.DeleteAsync(pool.Name, pool.Version, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> PutAsync(Reservation reservation, CancellationToken cancellationToken) =>
        _reservations.PutAsync(reservation.Name, reservation.Version, reservation, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(Reservation reservation, CancellationToken cancellationToken) =>
        _reservations.DeleteAsync(reservation.Name, reservation.Version, cancellationToken);

    /// <summary>What keeps these pools while leases lie in them.</summary>
    public IPoolGuard GuardBy(Func<IKubernetesClient> client) => new PoolFinalizer(client, _cache);

    /// <summary>The identity of a pool's object, as last heard of; empty if it isn't known.</summary>
    public string UidOf(string name) => _cache.PoolObjects().FirstOrDefault(pool => pool.Meta.Name == name).Meta?.Uid ?? "";

    /// <summary>Forgets all, because versions come again: what is there now may have lower ones.</summary>
    public void Forget()
    {
        _cache.TakePools(static part => part.Forget());
        _cache.TakeReservations(static part => part.Forget());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var follower in _followers)
            await follower.DisposeAsync();
        _starting.Dispose();
    }

    private Task RefreshAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_pools.RefreshAsync(cancellationToken), _reservations.RefreshAsync(cancellationToken));

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (_isFollowing)
                return;
            await RefreshAsync(cancellationToken);
            foreach (var follower in _followers)
                follower.Start();
            _isFollowing = true;
        }
        finally
        {
            _starting.Release();
        }
    }
}
