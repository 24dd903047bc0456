namespace Ipam.Core.Stores;

/// <summary>
/// A store in which people delete pools without asking ipamctl, and that can make such a deletion wait until no lease lies in the pool. Members may
/// be called from several threads at once.
/// </summary>
public interface IPoolGuard
{
    /// <summary>
    /// Makes the deletion of pools with these names wait, and lets go of all others. Costs nothing while all are as they should be. A pool that
    /// somebody changes just now is passed over until the next call.
    /// </summary>
    /// <exception cref="StoreException">The store failed; some pools may be as they were.</exception>
    Task GuardAsync(IReadOnlySet<string> inUse, CancellationToken cancellationToken);
}
