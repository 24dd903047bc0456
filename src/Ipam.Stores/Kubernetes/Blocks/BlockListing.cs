using System.Runtime.CompilerServices;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Blocks;

/// <summary>Lists objects in pages, each of them exactly once, also where the server forgets what the listing began with.</summary>
internal sealed class BlockListing(IKubernetesClient client, int objectsPerPage)
{
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
        var found = new Dictionary<string, Named<T>>(StringComparer.Ordinal);
        foreach (var item in await new MomentListing(client, objectsPerPage).ListAsync(kind, [selector, other], cancellationToken))
            found[item.Name] = item;
        return found.Values;
    }
}
