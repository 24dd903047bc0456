using System.Runtime.CompilerServices;
using Ipam.Core.Blocks;
using Ipam.Core.History;
using Ipam.Core.Stores;
using Ipam.Stores.Sqlite.History;

namespace Ipam.Service.History;

/// <summary>
/// A store that can't write an event in the commit, with the history that the node keeps itself: what this ipamd changed, as soon as the store has confirmed it, or a later
/// look shows it where the store's answer was lost; and what others ended and left in a block to be noted, once the block is read.
/// </summary>
/// <param name="inner">The store.</param>
/// <param name="history">The node's history.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Is told once when events can't be written.</param>
internal sealed class RecordingStore(IIpamStore inner, NodeHistory history, TimeProvider time, ILogger log) : IIpamStore
{
    private readonly UnsettledChanges _unsettled = new();
    private readonly NotedEnds _noted = new();
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
    public INodeHistories? NodeHistories => inner.NodeHistories;

    /// <inheritdoc/>
    public IViewers? Viewers => inner.Viewers;

    /// <inheritdoc/>
    public INamedTexts Sticky => inner.Sticky;

    /// <inheritdoc/>
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
    public async IAsyncEnumerable<Found<Block>> ListBlocksAsync(BlockFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in inner.ListBlocksAsync(filter, cancellationToken))
        {
            Settle(page);
            yield return page;
        }
    }

    /// <inheritdoc/>
    public Task<Found<BlockSummary>> ListSummariesAsync(BlockFilter filter, CancellationToken cancellationToken) => inner.ListSummariesAsync(filter, cancellationToken);

    /// <inheritdoc/>
    public async Task<Found<Block>> ReadBlocksAsync(IReadOnlyCollection<BlockId> ids, CancellationToken cancellationToken)
    {
        var blocks = await inner.ReadBlocksAsync(ids, cancellationToken);
        Settle(blocks);
        return blocks;
    }

    /// <inheritdoc/>
    public Task<Found<Lease>> FindLeasesAsync(Owner owner, string? node, CancellationToken cancellationToken) => inner.FindLeasesAsync(owner, node, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<BlockChange> changes, CancellationToken cancellationToken)
    {
        var askedAt = time.GetUtcNow();
        IReadOnlyList<CommitResult> results;
        try
        {
            results = await inner.CommitAsync(changes, cancellationToken);
        }
        catch
        {
            // Whatever became of it: some of it may have been written.
            _unsettled.Add(changes, askedAt);
            throw;
        }
        var written = new List<BlockChange>(changes.Count);
        for (var i = 0; i < changes.Count; i++)
        {
            if (results[i].Status == CommitStatus.Committed)
                written.Add(AsWritten(changes[i], results[i]));
            Settle(results[i].Current);
        }
        Note(written, askedAt);
        return results;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private static BlockChange AsWritten(BlockChange change, CommitResult result) => result.Current is [var block]
        ? change with { Added = [.. block.Leases.Where(lease => change.Added.Any(lease.IsPlacedFrom))] }
        : change;

    private void Settle(IEnumerable<Block> blocks)
    {
        foreach (var block in blocks)
        {
            foreach (var unsettled in _unsettled.Settle(block))
                Note([unsettled.Change], unsettled.AskedAt);
            foreach (var (ended, at) in _noted.NewIn(block))
                Note([new BlockChange(block, [], [ended])], at);
        }
    }

    /// <summary>The store has the leases, whatever becomes of their events.</summary>
    private void Note(List<BlockChange> written, DateTimeOffset askedAt)
    {
        try
        {
            history.Add(written, askedAt);
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
