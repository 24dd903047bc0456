using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Core.Administration;

/// <summary>
/// Mends the shares of quotas that no ipamd answers for: a node that is gone has a share of what is left of it and no more, and of quotas that are gone nothing is noted. Not thread-safe.
/// </summary>
/// <param name="store">The store, open.</param>
internal sealed class QuotaUpkeep(IIpamStore store)
{
    private IReadOnlyDictionary<string, string> _notes = new Dictionary<string, string>();

    /// <summary>Begins. To be called before the nodes and the blocks are read: a node that comes back meanwhile writes another share, and that one stays.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken) => _notes = await store.Quotas.ListAsync(cancellationToken);

    /// <summary>Mends them by what was read.</summary>
    /// <param name="unanswered">The leases of pods on nodes that have no entry in the registry, or on none.</param>
    /// <param name="isAnswered">Whether a node has an entry.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="StoreException">The store failed.</exception>
    public async Task MendAsync(IReadOnlyCollection<Lease> unanswered, Func<string, bool> isAnswered, CancellationToken cancellationToken)
    {
        if (_notes.Count == 0)
            return;
        var scopes = (await store.Pools.ReadAsync(cancellationToken)).Pools.Where(static pool => pool.Quotas.Count > 0).ToDictionary(static pool => pool.Name, static pool => new QuotaScope(pool));
        foreach (var (name, text) in _notes)
        {
            var key = QuotaKey.Parse(name);
            var scope = scopes.GetValueOrDefault(key.Pool);
            if (scope is null || (key.Namespace.Length > 0 && scope.Pool.QuotaOf(key.Namespace) is null))
                await store.Quotas.PutAsync(name, text, null, cancellationToken);
            else if (key.Namespace.Length > 0)
                await MendAsync(name, text, unanswered.Where(lease => scope.QuotaOf(lease) == key), isAnswered, cancellationToken);
        }
    }

    private async Task MendAsync(string name, string text, IEnumerable<Lease> unanswered, Func<string, bool> isAnswered, CancellationToken cancellationToken)
    {
        var shares = QuotaShares.Read(name, text);
        var held = unanswered.CountBy(static lease => lease.Node).ToDictionary();
        var mended = shares.Nodes.Concat(held.Keys).Where(node => !isAnswered(node)).Distinct(StringComparer.Ordinal)
            .Where(node => shares.Of(node) != held.GetValueOrDefault(node))
            .Aggregate(shares, (now, node) => now.With(node, held.GetValueOrDefault(node)));
        if (mended.Nodes.Count == 0 || mended != shares)
            await store.Quotas.PutAsync(name, text, mended.Nodes.Count == 0 ? null : mended.ToText(), cancellationToken);
    }
}
