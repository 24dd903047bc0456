using Ipam.Cli.Commands.Catalog;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Pools;

/// <summary>Writes pools, and says how it went.</summary>
internal sealed class PoolChange(CliEnvironment environment, IIpamStore store)
{
    /// <summary>Creates a pool.</summary>
    public Task<int> CreateAsync(Pool pool, CancellationToken cancellationToken) => Of(pool).MakeAsync(
        "created",
        () => store.Pools.PutAsync(pool, cancellationToken),
        $"change it with 'ipamctl pool edit {pool.Name}', or choose another name.",
        cancellationToken);

    /// <summary>Replaces a pool, if it still is as it was read.</summary>
    /// <param name="before">The pool as it was read.</param>
    /// <param name="after">What it shall be.</param>
    /// <param name="participle">What is done to it, such as <c>changed</c>.</param>
    /// <param name="cancellationToken">Cancels it; it may have been written all the same.</param>
    public Task<int> ReplaceAsync(Pool before, Pool after, string participle, CancellationToken cancellationToken)
    {
        var changed = after with { Version = before.Version, CreatedAt = before.CreatedAt };
        return Of(before).MakeAsync(participle, () => store.Pools.PutAsync(changed, cancellationToken), existing: null, cancellationToken);
    }

    /// <summary>Deletes a pool, if it still is as it was read.</summary>
    public Task<int> DeleteAsync(Pool pool, CancellationToken cancellationToken) =>
        Of(pool).MakeAsync("deleted", () => store.Pools.DeleteAsync(pool, cancellationToken), existing: null, cancellationToken);

    private CatalogChange Of(Pool pool) => new()
    {
        Environment = environment,
        Store = store,
        What = $"pool '{pool.Name}'",
        Look = $"ipamctl pool show {pool.Name}",
        IsThere = catalog => PoolLookup.Find(catalog, pool.Name) is not null,
    };
}
