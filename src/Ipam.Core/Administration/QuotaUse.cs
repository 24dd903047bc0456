using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Core.Administration;

/// <summary>How much of a quota is taken: what is held, and what nodes have taken for those who ask at the moment.</summary>
/// <param name="Quota">Which quota.</param>
/// <param name="Limit">How many addresses it is.</param>
/// <param name="Taken">How many are taken.</param>
public sealed record QuotaUse(QuotaKey Quota, long Limit, long Taken)
{
    /// <summary>For people, such as <c>97 of 100</c>.</summary>
    public string Text => $"{Taken} of {Limit}";

    /// <summary>All quotas of a pool: those of namespaces that it names, and of those that hold something.</summary>
    /// <exception cref="StoreException">The store failed.</exception>
    public static async Task<IReadOnlyList<QuotaUse>> OfAsync(IIpamStore store, Pool pool, CancellationToken cancellationToken)
    {
        if (pool.Quotas.Count == 0)
            return [];
        var notes = await store.Quotas.ListAsync(cancellationToken);
        var keys = notes.Keys.Select(QuotaKey.Parse).Where(key => key.Pool == pool.Name && key.Namespace.Length > 0)
            .Union(pool.Quotas.Keys.Where(static name => name != Pool.AnyNamespace).Select(name => new QuotaKey(pool.Name, name)));
        return
        [
            .. keys.OrderBy(static key => key.Namespace, StringComparer.Ordinal)
                .Select(key => pool.QuotaOf(key.Namespace) is { } limit ? new QuotaUse(key, limit, QuotaShares.Read($"{key}", notes.GetValueOrDefault($"{key}")).Total) : null)
                .OfType<QuotaUse>(),
        ];
    }

    /// <summary>That of one namespace; null if it has none.</summary>
    /// <exception cref="StoreException">The store failed.</exception>
    public static async Task<QuotaUse?> OfAsync(IIpamStore store, Pool pool, string podNamespace, CancellationToken cancellationToken)
    {
        if (pool.QuotaOf(podNamespace) is not { } limit)
            return null;
        var key = new QuotaKey(pool.Name, podNamespace);
        return new QuotaUse(key, limit, QuotaShares.Read($"{key}", await store.Quotas.FindAsync($"{key}", cancellationToken)).Total);
    }
}
