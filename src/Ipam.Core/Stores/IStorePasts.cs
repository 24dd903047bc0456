namespace Ipam.Core.Stores;

/// <summary>
/// Notices that a store lost its data. Members may be called from several threads at once. They throw <see cref="StoreException"/> when the store
/// fails, and <see cref="OperationCanceledException"/> when cancelled.
/// </summary>
public interface IStorePasts
{
    /// <summary>
    /// How often the store was away since it was to be opened, or may have been, such that another one or an older copy could have taken its place. Counted before
    /// anything is written to a store that is there again. Not counted: what every commit notices by itself.
    /// </summary>
    long Interruptions { get; }

    /// <summary>
    /// The store's past, as it is now. A store without an identity gets one. A file that lies at the store's path in place of the one that was
    /// open is opened.
    /// </summary>
    Task<StorePast> ReadAsync(CancellationToken cancellationToken);

    /// <summary>A block of a space once had this version, so the store had come so far.</summary>
    void Remember(string space, long version);

    /// <summary>
    /// From now on every commit ends in a <see cref="StoreException"/> with <see cref="StoreException.IsLoss"/>, unless the store's past keeps
    /// <paramref name="past"/> and what was committed since. Such a commit may have been written all the same, as with every fault.
    /// </summary>
    void Expect(StorePast past);

    /// <summary>
    /// Gives the store a new identity in place of <paramref name="identity"/>, so that all nodes notice the loss. Does nothing if another node
    /// was faster.
    /// </summary>
    Task RenewAsync(string identity, CancellationToken cancellationToken);

    /// <summary>Sets <see cref="StorePast.IsAccepted"/> of the past with this identity.</summary>
    /// <returns>False if the store has another identity by now.</returns>
    Task<bool> AcceptAsync(string identity, CancellationToken cancellationToken);
}
