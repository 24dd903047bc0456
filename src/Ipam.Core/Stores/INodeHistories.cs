using Ipam.Core.History;

namespace Ipam.Core.Stores;

/// <summary>Asks nodes which leases there were, where the store keeps no history and each node notes what it did itself. Members may be called from several threads at once.</summary>
public interface INodeHistories
{
    /// <summary>What all nodes tell that serve their history, several asked at a time, each for a bounded time.</summary>
    /// <exception cref="StoreException">It can't be known which nodes there are, or none would answer us.</exception>
    Task<NodeAnswers> FindAsync(HistoryQuestion question, CancellationToken cancellationToken);
}

/// <summary>What nodes told.</summary>
/// <param name="Events">The events, as <see cref="ILeaseHistory.FindAsync"/> promises them of each node that answered.</param>
/// <param name="Missing">The nodes that gave no answer, in no order.</param>
public sealed record NodeAnswers(IReadOnlyList<LeaseEvent> Events, IReadOnlyList<SilentNode> Missing);

/// <summary>A node that gave no answer.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Why">Why, in words.</param>
public sealed record SilentNode(string Node, string Why);
