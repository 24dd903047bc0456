using Ipam.Core.History;

namespace Ipam.Core.Stores;

/// <summary>
/// What a store keeps of leases that were: each commit that begins or ends leases writes an event for each, in the commit itself. Members may be called from several
/// threads at once, and throw <see cref="StoreException"/> when the store fails.
/// </summary>
public interface ILeaseHistory
{
    /// <summary>
    /// The events of the leases that are asked for, in no order; some may come twice. Of a lease that was held at the time asked for, all events come that are kept.
    /// Others of the same address or holder may come, too.
    /// </summary>
    Task<IReadOnlyList<LeaseEvent>> FindAsync(HistoryQuestion question, CancellationToken cancellationToken);

    /// <summary>Does a part of what keeps the history small and fast: to be called every few seconds, by the services. No commit waits for it for long.</summary>
    Task TidyAsync(CancellationToken cancellationToken);
}
