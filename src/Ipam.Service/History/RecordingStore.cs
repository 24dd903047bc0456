using Ipam.Core.Blocks;
using Ipam.Core.History;
using Ipam.Core.Stores;
using Ipam.Stores.Sqlite.History;

namespace Ipam.Service.History;

/// <summary>
/// A store that can't write an event in the commit, with the history that the node keeps itself: what this ipamd changed, as soon as the store has confirmed it. What
/// others change isn't in it.
/// </summary>
/// <param name="inner">The store.</param>
/// <param name="history">The node's history.</param>
/// <param name="log">Is told once when events can't be written.</param>
internal sealed class RecordingStore(IIpamStore inner, NodeHistory history, ILogger log) : IIpamStore
{
    private bool _hasFailed;

    /// <inheritdoc/>
    public string Description => inner.Description;

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings => inner.Warnings;

    /// <inheritdoc/>
    public IPoolStore Pools => inner.Pools;

    /// <inheritdoc/>
    public bool IsSharedByNodes => inner.IsSharedByNodes;

    /// <inheritdoc/>
    public bool HasOwnerIndex => inner.HasOwnerIndex;

    /// <inheritdoc/>
    public INodeFacts? NodeFacts => inner.NodeFacts;

    /// <inheritdoc/>
    public IPoolStatusStore? PoolStatuses => inner.PoolStatuses;

    /// <inheritdoc/>
    public ITrendStore Trends => inner.Trends;

    /// <inheritdoc/>
    public INamedTexts Sticky => inner.Sticky;

    public INamedTexts Quotas => inner.Quotas;

    /// <inheritdoc/>
    public ILeaseHistory? History => history;

    /// <inheritdoc/>
    public IPoolGuard? PoolGuard => inner.PoolGuard;

    /// <inheritdoc/>
    public IPermissions? Permissions => inner.Permissions;

    /// <inheritdoc/>
    public INoticeBoard? Notices => inner.Notices;

    /// <inheritdoc/>
    public ICluster? Cluster => inner.Cluster;

    /// <inheritdoc/>
    public IPodFacts? PodFacts => inner.PodFacts;

    /// <inheritdoc/>
    public IIpamClaims? IpamClaims => inner.IpamClaims;

    /// <inheritdoc/>
    public IClusterObjects? Objects => inner.Objects;

    /// <inheritdoc/>
    public IStorePasts Past => inner.Past;

    /// <inheritdoc/>
    public ILeaderRecords Leaders => inner.Leaders;

    /// <inheritdoc/>
    public INodeRegistry Nodes => inner.Nodes;

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken cancellationToken) => inner.OpenAsync(cancellationToken);

    /// <inheritdoc/>
    public Task PingAsync(CancellationToken cancellationToken) => inner.PingAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListSpacesAsync(CancellationToken cancellationToken) => inner.ListSpacesAsync(cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<Found<Block>> ListBlocksAsync(BlockFilter filter, CancellationToken cancellationToken) => inner.ListBlocksAsync(filter, cancellationToken);

    /// <inheritdoc/>
    public Task<Found<BlockSummary>> ListSummariesAsync(BlockFilter filter, CancellationToken cancellationToken) => inner.ListSummariesAsync(filter, cancellationToken);

    /// <inheritdoc/>
    public Task<Found<Block>> ReadBlocksAsync(IReadOnlyCollection<BlockId> ids, CancellationToken cancellationToken) => inner.ReadBlocksAsync(ids, cancellationToken);

    /// <inheritdoc/>
    public Task<Found<Lease>> FindLeasesAsync(Owner owner, string? node, CancellationToken cancellationToken) => inner.FindLeasesAsync(owner, node, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<BlockChange> changes, CancellationToken cancellationToken)
    {
        var results = await inner.CommitAsync(changes, cancellationToken);
        var written = new List<BlockChange>(changes.Count);
        for (var i = 0; i < changes.Count; i++)
        {
            if (results[i].Status == CommitStatus.Committed)
                written.Add(AsWritten(changes[i], results[i]));
        }
        Note(written);
        return results;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private static BlockChange AsWritten(BlockChange change, CommitResult result) => result.Current is [var block]
        ? change with { Added = [.. block.Leases.Where(lease => change.Added.Any(lease.IsPlacedFrom))] }
        : change;

    /// <summary>The store has the leases, whatever becomes of their events.</summary>
    private void Note(List<BlockChange> written)
    {
        try
        {
            history.Add(written);
            _hasFailed = false;
        }
        catch (StoreException e)
        {
            if (!_hasFailed)
                Log.MaintenanceFailed(log, e.Message);
            _hasFailed = true;
        }
    }
}
