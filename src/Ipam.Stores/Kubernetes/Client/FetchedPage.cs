namespace Ipam.Stores.Kubernetes.Client;

/// <summary>A page of a listing that is here, and of which only the head has been read: the next one may be asked for before this one's objects are. Not thread-safe.</summary>
/// <param name="head">The page without its objects.</param>
/// <param name="readItems">Reads the objects.</param>
/// <param name="answer">What they are read from.</param>
internal sealed class FetchedPage<T>(ListPage<T> head, Func<IReadOnlyList<T>> readItems, IDisposable answer) : IDisposable
{
    /// <summary>The page without its objects.</summary>
    public ListPage<T> Head => head;

    /// <summary>The whole page; once, before it is disposed.</summary>
    /// <exception cref="Core.Stores.StoreException">The objects can't be read.</exception>
    public ListPage<T> Read() => head.IsExpired ? head : head with { Items = readItems() };

    /// <inheritdoc/>
    public void Dispose() => answer.Dispose();
}
