using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Cli.Tests.Support;

/// <summary>Pools and reservations into which something comes before each write.</summary>
internal sealed class MeddlingPools(IPoolStore inner, Func<Task> beforeWrite) : IPoolStore
{
    public Task<long> ReadRevisionAsync(CancellationToken cancellationToken) => inner.ReadRevisionAsync(cancellationToken);

    public Task<PoolCatalog> ReadAsync(CancellationToken cancellationToken) => inner.ReadAsync(cancellationToken);

    public async Task<bool> PutAsync(Pool pool, CancellationToken cancellationToken)
    {
        await beforeWrite();
        return await inner.PutAsync(pool, cancellationToken);
    }

    public async Task<bool> DeleteAsync(Pool pool, CancellationToken cancellationToken)
    {
        await beforeWrite();
        return await inner.DeleteAsync(pool, cancellationToken);
    }

    public async Task<bool> PutAsync(Reservation reservation, CancellationToken cancellationToken)
    {
        await beforeWrite();
        return await inner.PutAsync(reservation, cancellationToken);
    }

    public async Task<bool> DeleteAsync(Reservation reservation, CancellationToken cancellationToken)
    {
        await beforeWrite();
        return await inner.DeleteAsync(reservation, cancellationToken);
    }
}
