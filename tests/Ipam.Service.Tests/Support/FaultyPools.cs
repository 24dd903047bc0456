using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Service.Tests.Support;

/// <summary>Pools of a store that can be broken.</summary>
internal sealed class FaultyPools(IPoolStore inner, Func<CancellationToken, Task> passAsync) : IPoolStore
{
    public async Task<long> ReadRevisionAsync(CancellationToken cancellationToken)
    {
        await passAsync(cancellationToken);
        return await inner.ReadRevisionAsync(cancellationToken);
    }

    public async Task<PoolCatalog> ReadAsync(CancellationToken cancellationToken)
    {
        await passAsync(cancellationToken);
        return await inner.ReadAsync(cancellationToken);
    }

    public async Task<bool> PutAsync(Pool pool, CancellationToken cancellationToken)
    {
        await passAsync(cancellationToken);
        return await inner.PutAsync(pool, cancellationToken);
    }

    public async Task<bool> DeleteAsync(Pool pool, CancellationToken cancellationToken)
    {
        await passAsync(cancellationToken);
        return await inner.DeleteAsync(pool, cancellationToken);
    }

    public async Task<bool> PutAsync(Reservation reservation, CancellationToken cancellationToken)
    {
        await passAsync(cancellationToken);
        return await inner.PutAsync(reservation, cancellationToken);
    }

    public async Task<bool> DeleteAsync(Reservation reservation, CancellationToken cancellationToken)
    {
        await passAsync(cancellationToken);
        return await inner.DeleteAsync(reservation, cancellationToken);
    }
}
