using Ipam.Core.History;
using Ipam.Core.Stores;

namespace Ipam.Stores.Sqlite;

/// <content>Which leases there were.</content>
public sealed partial class SqliteStore : ILeaseHistory
{
    /// <inheritdoc/>
    public ILeaseHistory? History => this;

    async Task<IReadOnlyList<LeaseEvent>> ILeaseHistory.FindAsync(HistoryQuestion question, CancellationToken cancellationToken) =>
        await RunAlone("read the history", () => _history.Find(question), cancellationToken);

    Task ILeaseHistory.TidyAsync(CancellationToken cancellationToken) => RunAlone("tidy the history", () =>
    {
        EnsureUsable();
        _history.Tidy(cancellationToken);
        return true;
    }, cancellationToken);
}
