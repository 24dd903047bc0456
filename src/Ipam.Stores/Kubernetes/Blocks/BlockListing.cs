using System.Runtime.CompilerServices;
using System.Text.Json;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Blocks;

/// <summary>Lists objects in pages, each of them exactly once, also where the server forgets what the listing began with.</summary>
internal sealed class BlockListing(IKubernetesClient client, int objectsPerPage)
{
    /// <summary>How often a listing of one instant is begun anew.</summary>
    private const int MostRestarts = 5;

    /// <summary>The objects that a selector names, by name. Each is valid until the next is asked for.</summary>
    public async IAsyncEnumerable<JsonElement> ByNameAsync(
        string? selector, bool metadataOnly, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = Query(selector, metadataOnly);
        var last = "";
        while (query is not null)
        {
            using var page = await client.ListAsync(ApiTypes.Blocks, query, cancellationToken);
            foreach (var item in page.Items)
            {
                // Begun anew, the listing brings again what it brought before.
                var name = item.GetProperty("metadata").GetProperty("name").GetString()!;
                if (string.CompareOrdinal(name, last) <= 0)
                    continue;
                last = name;
                yield return item;
            }
            query = page.IsExpired || page.Continue is not null ? query with { Continue = page.Continue } : null;
        }
    }

    /// <summary>
    /// What <paramref name="read"/> makes of the objects that either selector names, by the objects' names: all of one instant, so that
    /// none is missed that goes from one selector to the other meanwhile.
    /// </summary>
    public async Task<SortedDictionary<string, T>> OfEitherAsync<T>(
        string selector, string other, bool metadataOnly, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        for (var restarts = 0; ; restarts++)
        {
            var found = new SortedDictionary<string, T>(StringComparer.Ordinal);
            var version = await AddAsync(Query(selector, metadataOnly), found, read, cancellationToken);
            if (version is not null && await AddAsync(Query(other, metadataOnly) with { Exactly = version }, found, read, cancellationToken) is not null)
                return found;
            if (restarts == MostRestarts)
                throw new Core.Stores.StoreException("the Kubernetes API server forgets old versions faster than blocks can be listed; look at etcd's compaction settings");
        }
    }

    /// <summary>Adds what is listed; returns the version it is of, null if the server forgot it.</summary>
    private async Task<string?> AddAsync<T>(
        ListQuery query, SortedDictionary<string, T> found, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var page = await client.ListAsync(ApiTypes.Blocks, query, cancellationToken);
            if (page.IsExpired)
                return null;
            foreach (var item in page.Items)
                found[item.GetProperty("metadata").GetProperty("name").GetString()!] = read(item);
            if (page.Continue is null)
                return page.ResourceVersion;
            query = query with { Continue = page.Continue };
        }
    }

    private ListQuery Query(string? selector, bool metadataOnly) => new() { Selector = selector, Limit = objectsPerPage, MetadataOnly = metadataOnly };
}
