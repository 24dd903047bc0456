using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Pools;

/// <summary>
/// All objects of one kind, as last heard of by listings, by a watch, and by our own writes, which may come in any order. Not
/// thread-safe. Members that take news say whether it was any.
/// </summary>
internal sealed class CatalogPart<T>(CatalogKind<T> kind)
    where T : class
{
    private readonly Dictionary<string, CatalogEntry<T>> _entries = new(StringComparer.Ordinal);

    /// <summary>Identities that we deleted, of which an older listing or event may still tell.</summary>
    private readonly HashSet<string> _deleted = new(StringComparer.Ordinal);

    /// <summary>The resourceVersion up to which everything is known; 0 if nothing is.</summary>
    public long KnownUpTo { get; private set; }

    /// <summary>The objects.</summary>
    public IReadOnlyCollection<CatalogEntry<T>> Entries => _entries.Values;

    /// <summary>The value of an object, as last heard of.</summary>
    /// <exception cref="InvalidDataException">It makes no sense.</exception>
    public T ValueOf(CatalogEntry<T> entry) => entry.Value ?? throw new InvalidDataException(
        $"the {kind.Name} {entry.Meta.Name} makes no sense ({entry.Problem}); correct it with 'kubectl edit {kind.Plural} {entry.Meta.Name}', or delete it");

    /// <summary>Takes a listing of the version <paramref name="version"/>.</summary>
    public bool Take(IReadOnlyList<CatalogEntry<T>> listed, long version)
    {
        if (version <= KnownUpTo)
            return false;
        KnownUpTo = version;
        var names = listed.Select(static entry => entry.Meta.Name).ToHashSet(StringComparer.Ordinal);
        _deleted.IntersectWith(listed.Select(static entry => entry.Meta.Uid));
        var changed = false;
        foreach (var gone in _entries.Values.Where(entry => !names.Contains(entry.Meta.Name) && entry.Meta.ResourceVersion <= version).ToList())
            changed |= _entries.Remove(gone.Meta.Name);
        foreach (var entry in listed)
            changed |= Take(entry);
        return changed;
    }

    /// <summary>Forgets all that was heard. That is always news.</summary>
    public bool Forget()
    {
        _entries.Clear();
        _deleted.Clear();
        KnownUpTo = 0;
        return true;
    }

    /// <summary>Takes an object that was created or changed.</summary>
    public bool Take(CatalogEntry<T> entry)
    {
        var name = entry.Meta.Name;
        if (_deleted.Contains(entry.Meta.Uid))
            return false;
        var former = _entries.GetValueOrDefault(name);
        if (former is not null && former.Meta.ResourceVersion >= entry.Meta.ResourceVersion)
        {
            // Of what we wrote ourselves, the server's answer didn't tell all.
            if (former.Meta.ResourceVersion == entry.Meta.ResourceVersion)
                _entries[name] = former with { Metadata = entry.Metadata };
            return false;
        }
        _entries[name] = entry;
        return former is null || !former.SaysSameAs(entry);
    }

    /// <summary>Takes an event of the watch.</summary>
    public bool Take(WatchEvent<CatalogEntry<T>> change)
    {
        if (change.Type == WatchEventType.Expired)
            KnownUpTo = 0;
        if (change.Type is WatchEventType.Expired or WatchEventType.Started)
            return false;
        if (change.Type == WatchEventType.Bookmark)
        {
            Know(change.Version);
            return false;
        }
        var entry = change.Object!;
        // A listing that came in between may know more than this watch does yet.
        if (entry.Meta.ResourceVersion <= KnownUpTo)
            return false;
        Know(entry.Meta.ResourceVersion);
        return change.Type == WatchEventType.Changed ? Take(entry) : Remove(entry.Meta);
    }

    /// <summary>Takes that we deleted an object.</summary>
    public bool TakeDeletion(ObjectMeta meta)
    {
        _deleted.Add(meta.Uid);
        return _entries.TryGetValue(meta.Name, out var entry) && entry.Meta.Uid == meta.Uid && _entries.Remove(meta.Name);
    }

    private bool Remove(ObjectMeta meta)
    {
        _deleted.Remove(meta.Uid);
        return _entries.TryGetValue(meta.Name, out var entry) && entry.Meta.Uid == meta.Uid && _entries.Remove(meta.Name);
    }

    private void Know(long version) => KnownUpTo = Math.Max(KnownUpTo, version);
}
