using System.Runtime.CompilerServices;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Cli.Tests.Support;

/// <summary>A store into which something comes before each commit and each write of a pool or a reservation.</summary>
internal sealed class MeddlingStore(IIpamStore inner, Func<Task> beforeCommit, Func<Task>? beforeList = null) : IIpamStore
{
    public string Description => inner.Description;

    public IReadOnlyList<string> Warnings => inner.Warnings;

    public IPoolStore Pools => new MeddlingPools(inner.Pools, beforeCommit);

    public bool IsSharedByNodes => inner.IsSharedByNodes;

    public bool HasOwnerIndex => inner.HasOwnerIndex;

    public IStorePasts Past => inner.Past;

    public ILeaderRecords Leaders => inner.Leaders;

    public ITrendStore Trends => inner.Trends;

    public ILeaseHistory? History { get; init; } = inner.History;

    public INamedTexts Sticky => inner.Sticky;

    public INamedTexts Quotas => inner.Quotas;

    public INodeRegistry Nodes => inner.Nodes;

    public INodeFacts? NodeFacts => inner.NodeFacts;

    public IPoolStatusStore? PoolStatuses => inner.PoolStatuses;

    public IPoolGuard? PoolGuard => inner.PoolGuard;

    public INoticeBoard? Notices { get; init; } = inner.Notices;

    public Task OpenAsync(CancellationToken cancellationToken) => inner.OpenAsync(cancellationToken);

    public Task PingAsync(CancellationToken cancellationToken) => inner.PingAsync(cancellationToken);

    public Task<IReadOnlyList<string>> ListSpacesAsync(CancellationToken cancellationToken) => inner.ListSpacesAsync(cancellationToken);

    public async IAsyncEnumerable<Found<Block>> ListBlocksAsync(BlockFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (beforeList is not null)
            await beforeList();
        await foreach (var page in inner.ListBlocksAsync(filter, cancellationToken))
            yield return page;
    }

    public Task<Found<BlockSummary>> ListSummariesAsync(BlockFilter filter, CancellationToken cancellationToken) =>
        inner.ListSummariesAsync(filter, cancellationToken);

    public Task<Found<Block>> ReadBlocksAsync(IReadOnlyCollection<BlockId> ids, CancellationToken cancellationToken) =>
        inner.ReadBlocksAsync(ids, cancellationToken);

    public Task<Found<Lease>> FindLeasesAsync(Owner owner, string? node, CancellationToken cancellationToken) =>
        inner.FindLeasesAsync(owner, node, cancellationToken);

    public async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<BlockChange> changes, CancellationToken cancellationToken)
    {
        await beforeCommit();
        return await inner.CommitAsync(changes, cancellationToken);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
