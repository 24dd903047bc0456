using System.Runtime.CompilerServices;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Blocks;

/// <summary>Lists objects in pages, each of them exactly once, also where the server forgets what the listing began with.</summary>
internal sealed class BlockListing(IKubernetesClient client, int objectsPerPage)
{
    /// <summary>How often a listing of one instant is begun anew.</summary>
    private const int MostRestarts = 5;

    /// <summary>The objects that a selector names, by name.</summary>
    public async IAsyncEnumerable<Named<T>> ByNameAsync<T>(Kind<Named<T>> kind, string? selector, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ListQuery? query = new() { Selector = selector, Limit = objectsPerPage };
        var last = "";
        while (query is not null)
        {
            var page = await client.ListAsync(kind, query, cancellationToken);
            foreach (var item in page.Items)
            {
                // Begun anew, the listing brings again what it brought before.
                if (string.CompareOrdinal(item.Name, last) <= 0)
                    continue;
                last = item.Name;
                yield return item;
            }
            query = page.IsExpired || page.Continue is not null ? query with { Continue = page.Continue } : null;
        }
    }

    /// <summary>
    /// The objects that either selector names: all of one instant, so that none is missed that goes from one selector to the other meanwhile.
    /// </summary>
    public async Task<IReadOnlyCollection<Named<T>>> OfEitherAsync<T>(Kind<Named<T>> kind, string selector, string other, CancellationToken cancellationToken)
    {
        for (var restarts = 0; ; restarts++)
        {
            var found = new Dictionary<string, Named<T>>(StringComparer.Ordinal);
            var query = new ListQuery { Selector = selector, Limit = objectsPerPage };
            if (await AddAsync(kind, query, found, cancellationToken) is { } version
                && await AddAsync(kind, query with { Selector = other, Exactly = version }, found, cancellationToken) is not null)
                return found.Values;
            if (restarts == MostRestarts)
                throw new StoreException("the Kubernetes API server forgets old versions faster than blocks can be listed; look at etcd's compaction settings");
        }
    }

    /// <summary>Adds what is listed; returns the version it is of, null if the server forgot it.</summary>
    private async Task<string?> AddAsync<T>(Kind<Named<T>> kind, ListQuery query, Dictionary<string, Named<T>> found, CancellationToken cancellationToken)
    {
        while (true)
        {
            var page = await client.ListAsync(kind, query, cancellationToken);
            if (page.IsExpired)
                return null;
            foreach (var item in page.Items)
                found[item.Name] = item;
            if (page.Continue is null)
                return page.ResourceVersion;
            query = query with { Continue = page.Continue };
        }
    }
}
