using Ipam.Core.Pools;

namespace Ipam.Core.Stores;

/// <summary>A store that shows people how full its pools are. Members may be called from several threads at once.</summary>
public interface IPoolStatusStore
{
    /// <summary>Shows how full these pools are; others keep what they show. A pool that is gone meanwhile is passed over.</summary>
    /// <exception cref="StoreException">The store failed; some of the pools may show the new numbers.</exception>
    Task PublishAsync(IReadOnlyList<PoolUsage> usage, CancellationToken cancellationToken);
}
