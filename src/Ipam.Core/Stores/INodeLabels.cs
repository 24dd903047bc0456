namespace Ipam.Core.Stores;

/// <summary>A store that knows the labels of nodes. Members may be called from several threads at once.</summary>
public interface INodeLabels
{
    /// <summary>The labels of a node; empty if it isn't known, or we may not read it.</summary>
    /// <exception cref="StoreException">The store failed.</exception>
    Task<IReadOnlyDictionary<string, string>> ReadNodeLabelsAsync(string node, CancellationToken cancellationToken);
}
