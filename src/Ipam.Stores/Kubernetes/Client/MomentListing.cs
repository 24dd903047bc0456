using Ipam.Core.Stores;

namespace Ipam.Stores.Kubernetes.Client;

/// <summary>Lists objects in pages: all of them, as they were at one moment, or none. Where the server forgets that moment, the listing begins anew.</summary>
internal sealed class MomentListing(IKubernetesClient client, int objectsPerPage)
{
    private const int MostTries = 6;

    /// <summary>The objects that the selectors name, one selector after the other; null names all. An object that two of them name comes twice.</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(Kind<T> kind, IReadOnlyList<string?> selectors, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            if (await TryAsync(kind, selectors, cancellationToken) is { } found)
                return found;
        }
        throw new StoreException($"the Kubernetes API server forgets old versions faster than {kind} can be listed; look at etcd's compaction settings");
    }

    /// <summary>Null if the moment was lost on the way.</summary>
    private async Task<List<T>?> TryAsync<T>(Kind<T> kind, IReadOnlyList<string?> selectors, CancellationToken cancellationToken)
    {
        var found = new List<T>();
        string? moment = null;
        foreach (var selector in selectors)
        {
            var query = new ListQuery { Selector = selector, Limit = objectsPerPage, Exactly = moment };
            var coming = client.FetchAsync(kind, query, cancellationToken);
            while (coming is not null)
            {
                using var page = await coming;
                coming = null;
                // What an expired listing could go on with is of another moment: what was there in between may be on neither page.
                if (page.Head.IsExpired)
                    return null;
                if (page.Head.ResourceVersion.Length == 0)
                    throw new StoreException($"the API server lists {kind} without a resource version, so that it may not be all; is it a Kubernetes API server?");
                moment ??= page.Head.ResourceVersion;
                if (page.Head.ResourceVersion != moment)
                    return null;
                // The server makes the next page while this one is read.
                if (page.Head.Continue is { } next)
                    coming = client.FetchAsync(kind, query with { Continue = next }, cancellationToken);
                try
                {
                    found.AddRange(page.Read().Items);
                }
                catch when (coming is not null)
                {
                    await LeaveAsync(coming);
                    throw;
                }
            }
        }
        return found;
    }

    private static async Task LeaveAsync<T>(Task<FetchedPage<T>> coming)
    {
        try
        {
            (await coming).Dispose();
        }
        catch (Exception e) when (e is StoreException or OperationCanceledException)
        {
            // Nobody wants it any more.
        }
    }
}
