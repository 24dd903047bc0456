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
    private const int MostTries = 8;

    private IReadOnlyDictionary<string, string> _notes = new Dictionary<string, string>();

    /// <summary>Whether anything is noted, so that it is worth reading what counts.</summary>
    public bool HasNotes => _notes.Count > 0;

    /// <summary>Begins. To be called before the nodes and the blocks are read: a node that comes back meanwhile writes another share, and that one stays.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken) => _notes = await store.Quotas.ListAsync(cancellationToken);

    /// <summary>Mends them by what was read.</summary>
    /// <param name="unanswered">The leases of pods on nodes that had no entry in the registry, or on none.</param>
    /// <param name="isAnswered">Whether a node had an entry, when these leases were read or since.</param>
    /// <param name="isBack">Whether a node that hadn't is there by now.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="StoreException">The store failed; or what it says of one of them can't be read, and all others are mended.</exception>
    public async Task MendAsync(
        IReadOnlyCollection<Lease> unanswered, Func<string, bool> isAnswered, Func<string, Task<bool>> isBack, CancellationToken cancellationToken)
    {
        if (_notes.Count == 0)
            return;
        var scopes = (await store.Pools.ReadAsync(cancellationToken)).Pools.Where(static pool => pool.Quotas.Count > 0).ToDictionary(static pool => pool.Name, static pool => new QuotaScope(pool));
        await EachNote.DoAsync(_notes, async note =>
        {
            var (name, text) = note;
            var key = QuotaKey.Parse(name);
            var scope = scopes.GetValueOrDefault(key.Pool);
            if (scope is null || (key.Namespace.Length > 0 && scope.Pool.QuotaOf(key.Namespace) is null))
            {
                await store.Quotas.PutAsync(name, text, null, cancellationToken);
            }
            else if (key.Namespace.Length > 0)
            {
                var held = unanswered.Where(lease => scope.QuotaOf(lease) == key).CountBy(static lease => lease.Node).ToDictionary();
                await MendAsync(name, text, held, isAnswered, isBack, cancellationToken);
            }
        });
    }

    /// <summary>
    /// Others write their shares into the same note at any time. Then it is tried again, for those nodes whose share is as it was at the beginning, and that aren't back: one that is has an entry
    /// before it writes.
    /// </summary>
    private async Task MendAsync(
        string name, string? text, Dictionary<string, int> held, Func<string, bool> isAnswered, Func<string, Task<bool>> isBack, CancellationToken cancellationToken)
    {
        var first = QuotaShares.Read(name, text);
        var nodes = first.Nodes.Concat(held.Keys).Distinct(StringComparer.Ordinal).Where(node => !isAnswered(node) && first.Of(node) != held.GetValueOrDefault(node)).ToList();
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            if (attempt > 0)
                text = await store.Quotas.FindAsync(name, cancellationToken);
            var shares = QuotaShares.Read(name, text);
            var mended = shares;
            foreach (var node in nodes.Where(node => shares.Of(node) == first.Of(node)))
            {
                if (attempt == 0 || node.Length == 0 || !await isBack(node))
                    mended = mended.With(node, held.GetValueOrDefault(node));
            }
            var isEmpty = mended.Nodes.Count == 0;
            if ((mended == shares && !isEmpty) || await store.Quotas.PutAsync(name, text, isEmpty ? null : mended.ToText(), cancellationToken))
                return;
        }
    }
}
