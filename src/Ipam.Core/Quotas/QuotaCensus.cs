using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Core.Quotas;

/// <summary>
/// Counts what the pods of each namespace held already when a pool got its quotas, or other ranges. Whoever draws from it first does it for all, and notes that under the pool's name without a namespace.
/// Safe for use by several threads at once.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="notes">What it notes of quotas.</param>
internal sealed class QuotaCensus(IIpamStore store, QuotaNotes notes)
{
    private readonly Lock _lock = new();

    /// <summary>Of each pool the version that was counted last, or is being counted.</summary>
    private readonly Dictionary<string, (long Version, Task Done)> _counted = new(StringComparer.Ordinal);

    /// <summary>Returns when the pool is counted.</summary>
    /// <exception cref="StoreException">The store failed.</exception>
    public Task EnsureAsync(QuotaScope scope, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_counted.TryGetValue(scope.Pool.Name, out var counted) || counted.Version != scope.Pool.Version || counted.Done.IsFaulted)
                _counted[scope.Pool.Name] = counted = (scope.Pool.Version, Task.Run(() => CountAsync(scope), CancellationToken.None));
            return counted.Done.WaitAsync(cancellationToken);
        }
    }

    private async Task CountAsync(QuotaScope scope)
    {
        var extent = scope.Extent;
        var note = new QuotaKey(scope.Pool.Name, "").ToString();
        var noted = await notes.AskAsync(token => store.Quotas.FindAsync(note, token));
        if (noted == extent)
            return;
        foreach (var (key, nodes) in await ReadAsync(scope))
            await notes.ChangeAsync(key, shares => Raised(shares, nodes));
        // Another one who did the same meanwhile noted the same.
        await notes.AskAsync(token => store.Quotas.PutAsync(note, noted, extent, token));
    }

    /// <summary>How many addresses each node holds of each quota.</summary>
    private async Task<Dictionary<QuotaKey, Dictionary<string, long>>> ReadAsync(QuotaScope scope)
    {
        var counts = new Dictionary<QuotaKey, Dictionary<string, long>>();
        using var end = new CancellationTokenSource();
        var pages = store.ListBlocksAsync(new BlockFilter(scope.Pool.Space), end.Token).GetAsyncEnumerator(CancellationToken.None);
        try
        {
            while (await notes.AskAsync(token => pages.MoveNextAsync().AsTask().WaitAsync(token)))
                Count(pages.Current.Whole.SelectMany(static block => block.Leases), scope, counts);
        }
        catch
        {
            // One that is still on its way can't be disposed of: it ends by itself.
            await end.CancelAsync();
            throw;
        }
        await pages.DisposeAsync();
        return counts;
    }

    private static void Count(IEnumerable<Lease> leases, QuotaScope scope, Dictionary<QuotaKey, Dictionary<string, long>> counts)
    {
        foreach (var lease in leases)
        {
            if (scope.QuotaOf(lease) is not { } key)
                continue;
            if (!counts.TryGetValue(key, out var nodes))
                counts.Add(key, nodes = new Dictionary<string, long>(StringComparer.Ordinal));
            nodes[lease.Node] = nodes.GetValueOrDefault(lease.Node) + 1;
        }
    }

    /// <summary>A node that released something meanwhile has a share that is too large, until it looks.</summary>
    private static QuotaShares? Raised(QuotaShares shares, Dictionary<string, long> nodes)
    {
        var higher = nodes.Where(node => node.Value > shares.Of(node.Key)).ToList();
        return higher.Count == 0 ? null : higher.Aggregate(shares, static (now, node) => now.With(node.Key, node.Value));
    }
}
