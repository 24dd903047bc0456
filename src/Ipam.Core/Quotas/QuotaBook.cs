using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Core.Quotas;

/// <summary>
/// Keeps a node to the quotas of pools. Before an address is handed out the node takes a share of the quota, by compare-and-swap in the store; what it needs no longer it gives back. So the pods of a
/// namespace never hold more, however many nodes hand out at once. Safe for use by several threads at once.
/// </summary>
public sealed class QuotaBook : IDisposable
{
    private readonly Allocator _allocator;
    private readonly IIpamStore _store;
    private readonly AllocatorOptions _options;
    private readonly TimeProvider _time;
    private readonly QuotaNotes _notes;
    private readonly QuotaCensus _census;
    private readonly Lock _lock = new();
    private readonly Dictionary<QuotaKey, QuotaShare> _shares = [];
    private volatile bool _isEmpty = true;

    /// <summary>An empty one.</summary>
    /// <param name="allocator">Knows what the node holds.</param>
    /// <param name="store">Has the shares.</param>
    /// <param name="options">The node, and the longest wait for the store.</param>
    /// <param name="time">The clock.</param>
    public QuotaBook(Allocator allocator, IIpamStore store, AllocatorOptions options, TimeProvider time)
    {
        (_allocator, _store, _options, _time) = (allocator, store, options, time);
        _notes = new QuotaNotes(store, options, time);
        _census = new QuotaCensus(store, _notes);
    }

    /// <summary>Takes shares for somebody who asks for addresses. To be disposed when he has his answer.</summary>
    /// <param name="owner">Who asks.</param>
    /// <param name="podNamespace">The namespace of his pod.</param>
    /// <param name="pools">The pools with a quota for it, and how many addresses he may draw from each; none from one that is closed to him.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreException">The store failed.</exception>
    public async Task<QuotaDraw> DrawAsync(Owner owner, string podNamespace, IReadOnlyList<(Pool Pool, int Count)> pools, CancellationToken cancellationToken)
    {
        var draw = new QuotaDraw(owner, _options.Node, Enter);
        try
        {
            foreach (var (pool, count) in pools)
            {
                var scope = new QuotaScope(pool);
                draw.Add(scope, new QuotaKey(pool.Name, podNamespace));
                if (count == 0)
                    continue;
                await _census.EnsureAsync(scope, cancellationToken);
                await draw.TakeAsync(count, cancellationToken);
            }
            return draw;
        }
        catch
        {
            draw.Dispose();
            throw;
        }
    }

    /// <summary>Leases of the node ended: their shares are to be given back. Quick, and doesn't throw.</summary>
    public void Ended(IReadOnlyList<EndedLease> leases)
    {
        if (_isEmpty)
            return;
        lock (_lock)
        {
            foreach (var share in _shares.Values.Where(share => leases.Any(end => end.Lease.Pod?.Namespace == share.Key.Namespace)))
                share.Changed();
        }
    }

    /// <summary>Gives back what isn't needed any more.</summary>
    /// <exception cref="StoreException">The store failed; or what it says of one of them can't be read, and all others are settled.</exception>
    public Task SettleAsync(CancellationToken cancellationToken) =>
        EachNote.DoAsync(Held().Where(static share => !share.IsExact), share => share.SettleAsync(cancellationToken));

    /// <summary>Compares all that the store says of the node's shares with what it holds, and forgets those that are nothing.</summary>
    /// <exception cref="StoreException">The store failed; or what it says of one of them can't be read, and all others are compared.</exception>
    public async Task SweepAsync(PoolCatalog catalog, CancellationToken cancellationToken)
    {
        var scopes = catalog.Pools.Where(static pool => pool.Quotas.Count > 0).Select(static pool => new QuotaScope(pool)).ToList();
        if (scopes.Count == 0 && _isEmpty)
            return;
        var names = await _notes.AskAsync(_store.Quotas.ListAsync).WaitAsync(cancellationToken);
        var noted = names.Where(text => QuotaKey.Parse(text.Key).Namespace.Length > 0 && MayHaveShare(text.Key, text.Value)).Select(static text => QuotaKey.Parse(text.Key));
        var held = (await _allocator.ListAllAsync(lease => lease.Node == _options.Node, cancellationToken)).SelectMany(lease => scopes.Select(scope => scope.QuotaOf(lease))).OfType<QuotaKey>();
        await EachNote.DoAsync(noted.Union(held), async key =>
        {
            var share = Enter(key);
            try
            {
                await share.RecountAsync(scopes.Find(scope => scope.Pool.Name == key.Pool), cancellationToken);
            }
            finally
            {
                share.Leave();
            }
        });
        Tidy();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var share in Held())
            share.Dispose();
    }

    /// <summary>Whether the node has a share by a text, or it can't be read.</summary>
    private bool MayHaveShare(string name, string text)
    {
        try
        {
            return QuotaShares.Read(name, text).Of(_options.Node) > 0;
        }
        catch (StoreException)
        {
            return true;
        }
    }

    private QuotaShare Enter(QuotaKey key)
    {
        lock (_lock)
        {
            if (!_shares.TryGetValue(key, out var share))
                _shares.Add(key, share = new QuotaShare(key, _allocator, _notes, _options, _time));
            _isEmpty = false;
            share.Enter();
            return share;
        }
    }

    private QuotaShare[] Held()
    {
        if (_isEmpty)
            return [];
        lock (_lock)
            return [.. _shares.Values];
    }

    private void Tidy()
    {
        lock (_lock)
        {
            foreach (var share in _shares.Values.Where(static share => share.IsNothing).ToArray())
            {
                _shares.Remove(share.Key);
                share.Dispose();
            }
            _isEmpty = _shares.Count == 0;
        }
    }
}
