using System.Globalization;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Pools;

/// <summary>Reads, writes and follows the objects of one kind, and tells a cache what comes of it.</summary>
/// <param name="client">The client.</param>
/// <param name="kind">The kind.</param>
/// <param name="take">Brings news to the cache.</param>
/// <param name="objectsPerPage">Objects asked for in one request of a listing.</param>
internal sealed class CatalogObjects<T>(
    Func<IKubernetesClient> client, CatalogKind<T> kind, Action<Func<CatalogPart<T>, bool>> take, int objectsPerPage)
    where T : class
{
    /// <summary>How often a change is tried while others, such as those who write the status, change the object too.</summary>
    private const int MostTries = 10;

    /// <summary>Lists all objects into the cache.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var listed = new List<CatalogEntry<T>>();
        var query = new ListQuery { Limit = objectsPerPage };
        while (true)
        {
            var page = await client().ListAsync(kind, query, cancellationToken);
            if (page.IsExpired)
            {
                // What has been read is too old to be made whole.
                listed.Clear();
                query = query with { Continue = null };
                continue;
            }
            listed.AddRange(page.Items);
            if (page.Continue is null)
            {
                if (!long.TryParse(page.ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
                    throw new StoreException($"the API server lists the {kind.Name} objects without a resource version that is a number: '{page.ResourceVersion}'");
                take(part => part.Take(listed, version));
                return;
            }
            query = query with { Continue = page.Continue };
        }
    }

    /// <summary>Follows changes from what the cache knows, until the server ends it. Lists first if the cache knows too little.</summary>
    public async Task FollowAsync(Action started, CancellationToken cancellationToken)
    {
        if (KnownUpTo() == 0)
            await RefreshAsync(cancellationToken);
        var from = KnownUpTo().ToString(CultureInfo.InvariantCulture);
        await foreach (var change in client().WatchAsync(kind, from, cancellationToken))
        {
            take(part => part.Take(change));
            if (change.Type == WatchEventType.Started)
                started();
        }
    }

    /// <summary>Creates the object, if <paramref name="version"/> is 0, or replaces its spec if that still has the version.</summary>
    public async Task<bool> PutAsync(string name, long version, T value, CancellationToken cancellationToken)
    {
        if (version == 0)
        {
            var created = new CatalogEntry<T>(new ObjectMeta(name, "", 0, 0, default, ""), value, null);
            return Took(await client().CreateAsync(kind, created, cancellationToken), value);
        }
        return await ChangeAsync(name, version, async current =>
        {
            var changed = current with { Value = value, Problem = null };
            var answer = await client().ReplaceAsync(kind, name, changed, cancellationToken);
            return Took(answer, value) ? true : answer.Outcome == WriteOutcome.Missing ? false : null;
        }, cancellationToken);
    }

    /// <summary>Deletes the object if its spec still has the version, also if the deletion was to wait for leases (<see cref="PoolFinalizer"/>).</summary>
    public Task<bool> DeleteAsync(string name, long version, CancellationToken cancellationToken) =>
        ChangeAsync(name, version, async current =>
        {
            var meta = current.Meta;
            if (meta.IsGuarded)
            {
                var freed = await client().PatchAsync(kind, name, PoolFinalizer.Without(meta, current.Metadata!.Value), cancellationToken);
                if (freed is not { Outcome: WriteOutcome.Written, Meta: { } now })
                    return freed.Outcome == WriteOutcome.Missing ? false : null;
                meta = now;
            }
            // What was being deleted is gone with the last finalizer.
            if (!meta.IsBeingDeleted)
            {
                var answer = await client().DeleteAsync(kind, name, meta.ResourceVersion, meta.Uid, cancellationToken);
                if (answer.Outcome != WriteOutcome.Written)
                    return answer.Outcome == WriteOutcome.Missing ? false : null;
            }
            take(part => part.TakeDeletion(current.Meta));
            return true;
        }, cancellationToken);

    /// <summary>Changes an object whose spec has the version; again while it changes otherwise.</summary>
    private async Task<bool> ChangeAsync(string name, long version, Func<CatalogEntry<T>, Task<bool?>> change, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            if (await client().GetAsync(kind, name, cancellationToken) is not { } current || SpecVersion.Of(current.Meta) != version)
                return false;
            if (await change(current) is { } done)
                return done;
        }
        throw new StoreException($"the {kind.Name} {name} was changed by others at each of {MostTries} tries; try again");
    }

    private bool Took(WriteAnswer answer, T value)
    {
        if (answer is not { Outcome: WriteOutcome.Written, Meta: { } meta })
            return false;
        take(part => part.Take(kind.Written(value, meta)));
        return true;
    }

    private long KnownUpTo()
    {
        long version = 0;
        take(part =>
        {
            version = part.KnownUpTo;
            return false;
        });
        return version;
    }
}
