namespace Ipam.Core.Stores;

/// <summary>
/// Keeps for each pool a text that says how its use went. Nothing is decided by it: of two who write at once one wins, and what is lost with a store begins anew.
/// Members may be called from several threads at once, and throw <see cref="StoreException"/> when the store fails.
/// </summary>
public interface ITrendStore
{
    /// <summary>The texts of all pools that have one, by the pool's name.</summary>
    Task<IReadOnlyDictionary<string, string>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Keeps a pool's text, in place of the one it had.</summary>
    /// <param name="pool">The pool's name.</param>
    /// <param name="text">The text, of letters, digits and <c>+/=</c>; at most 64 KiB.</param>
    /// <param name="cancellationToken">Cancels the wait; the text may be kept all the same.</param>
    Task PutAsync(string pool, string text, CancellationToken cancellationToken);

    /// <summary>Forgets a pool's text, if there is one.</summary>
    Task RemoveAsync(string pool, CancellationToken cancellationToken);
}
