namespace Ipam.Core.Stores;

/// <summary>
/// Objects of others in the API of the cluster that a store belongs to. Members may be called from several threads at once, and throw <see cref="StoreException"/> when the API
/// server fails or refuses.
/// </summary>
public interface IClusterObjects
{
    /// <summary>All objects of a kind, of all namespaces and of one moment, each as JSON in UTF-8; null if the cluster doesn't know the kind.</summary>
    /// <param name="group">The API group.</param>
    /// <param name="version">The version of it.</param>
    /// <param name="plural">The kind's name in paths.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    Task<IReadOnlyList<ReadOnlyMemory<byte>>?> ListAsync(string group, string version, string plural, CancellationToken cancellationToken);
}
