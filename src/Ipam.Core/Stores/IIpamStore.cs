using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;

namespace Ipam.Core.Stores;

/// <summary>
/// Where the truth about addresses is kept. Every member may be called from several threads at once. Every member throws
/// <see cref="StoreException"/> when the store fails or doesn't answer, and <see cref="OperationCanceledException"/> when cancelled.
/// </summary>
public interface IIpamStore : IAsyncDisposable
{
    /// <summary>Which store this is, for messages: the text of its URL without secrets.</summary>
    string Description { get; }

    /// <summary>Warnings about the way the store is set up, found when it was opened. Empty if there are none.</summary>
    IReadOnlyList<string> Warnings { get; }

    /// <summary>Pools and reservations.</summary>
    IPoolStore Pools { get; }

    /// <summary>Whether several nodes usually work on it, so that each of them should keep to blocks of its own.</summary>
    bool IsSharedByNodes { get; }

    /// <summary>Whether <see cref="FindLeasesAsync"/> is one look-up. If not, it reads blocks and searches them.</summary>
    bool HasOwnerIndex { get; }

    /// <summary>The nodes of the cluster; null for a store that knows none.</summary>
    INodeFacts? NodeFacts { get; }

    /// <summary>Where people see how full the pools are; null for a store without such a place.</summary>
    IPoolStatusStore? PoolStatuses { get; }

    /// <summary>Keeps how the use of pools went.</summary>
    ITrendStore Trends { get; }

    /// <summary>Keeps which leases there were; null for a store that can't write that in the commit itself.</summary>
    ILeaseHistory? History => null;

    /// <summary>Asks nodes for what they keep of that themselves; null for a store with a history of its own, or of one machine.</summary>
    INodeHistories? NodeHistories => null;

    /// <summary>
    /// Where sticky owners find their addresses again: a <see cref="StickyRecord"/> for each interface of an owner (<see cref="StickyInterface"/>). It only says where to look: who holds an
    /// address is what its block says.
    /// </summary>
    INamedTexts Sticky { get; }

    /// <summary>How many addresses of a pool each node may hold for a namespace that has a quota: a <see cref="QuotaShares"/> for each such quota.</summary>
    INamedTexts Quotas { get; }

    /// <summary>Keeps pools that have leases from being deleted; null for a store whose pools only ipamctl deletes.</summary>
    IPoolGuard? PoolGuard => null;

    /// <summary>What our account may do in the store; null for a store without accounts of its own, or that can't say.</summary>
    IPermissions? Permissions => null;

    /// <summary>Says who has a token of the store's cluster, and whether he may look at what is in the store; null for a store without accounts.</summary>
    IViewers? Viewers => null;

    /// <summary>Where people look for what happened; null for a store without such a place.</summary>
    INoticeBoard? Notices => null;

    /// <summary>The cluster that the store belongs to; null for a store that belongs to none.</summary>
    ICluster? Cluster => null;

    /// <summary>What that cluster says of pods to pools that choose by it; null for a store that belongs to none.</summary>
    IPodFacts? PodFacts => null;

    /// <summary>The IPAMClaims of that cluster; null for a store that belongs to none.</summary>
    IIpamClaims? IpamClaims => null;

    /// <summary>Objects of others in the API of that cluster; null for a store that belongs to none.</summary>
    IClusterObjects? Objects => null;

    /// <summary>Notices that the store lost its data.</summary>
    IStorePasts Past { get; }

    /// <summary>Who leads in what.</summary>
    ILeaderRecords Leaders { get; }

    /// <summary>The nodes that work on the store.</summary>
    INodeRegistry Nodes { get; }

    /// <summary>Connects, creates or migrates what is missing. Called once, before anything else.</summary>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>Whether the store answers now; returns if it does, throws <see cref="StoreException"/> if not.</summary>
    Task PingAsync(CancellationToken cancellationToken);

    /// <summary>The names of all spaces that have blocks, in ordinal order.</summary>
    Task<IReadOnlyList<string>> ListSpacesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The blocks that <paramref name="filter"/> names, page by page, in order of space, family and address. Each block is consistent,
    /// but two blocks may show different moments. A block that exists during the whole listing is listed exactly once. A block that can't be
    /// read comes as a <see cref="DamagedBlock"/>, also if it can't be said whether the filter names it.
    /// </summary>
    IAsyncEnumerable<Found<Block>> ListBlocksAsync(BlockFilter filter, CancellationToken cancellationToken);

    /// <summary>
    /// The blocks that <paramref name="filter"/> names, without their leases, in no order. Costs far less than the blocks. A block of which only
    /// the leases can't be read may still have a summary.
    /// </summary>
    Task<Found<BlockSummary>> ListSummariesAsync(BlockFilter filter, CancellationToken cancellationToken);

    /// <summary>Those of the named blocks that the store has, as they are now, in no order. Those that can't be read have their identity.</summary>
    Task<Found<Block>> ReadBlocksAsync(IReadOnlyCollection<BlockId> ids, CancellationToken cancellationToken);

    /// <summary>
    /// All leases of an owner, over all spaces, ordered by entry; and the damaged blocks in which the owner holds, or seems to hold, another one.
    /// </summary>
    /// <param name="owner">The owner.</param>
    /// <param name="node">
    /// The node that the owner's leases were handed out on; null if it isn't known. A store without <see cref="HasOwnerIndex"/> then searches only
    /// that node's blocks. Other stores ignore it.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<Found<Lease>> FindLeasesAsync(Owner owner, string? node, CancellationToken cancellationToken);

    /// <summary>
    /// Writes each change if its block still has the version that the change was made from. When it returns, the changes that it calls committed
    /// are durable. SQLite commits all changes or none. Redis commits all changes of a space or none of them. Kubernetes commits each change for
    /// itself. No store ever writes one block in part. A change that meets a damaged block is a conflict, and the block is in
    /// <see cref="CommitResult.Current"/>. A change whose block has another version is written as <see cref="BlockChange.PlacedIn"/> the block as it is, if it can be.
    /// </summary>
    /// <param name="changes">The changes, at most one per block.</param>
    /// <param name="cancellationToken">Cancels the wait; the changes may have been written all the same.</param>
    /// <returns>One result per change, in the same order.</returns>
    Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<BlockChange> changes, CancellationToken cancellationToken);
}

/// <summary>What a cluster says of a node.</summary>
/// <param name="Labels">Its labels.</param>
/// <param name="PodCidrs">The subnets that its pods have addresses of; empty for a node that wasn't given any yet.</param>
public sealed record NodeFacts(IReadOnlyDictionary<string, string> Labels, IReadOnlyList<Prefix> PodCidrs);

/// <summary>A store that knows the cluster's nodes. Members may be called from several threads at once.</summary>
public interface INodeFacts
{
    /// <summary>What is known of a node; null if there is no such node, or we may not read it.</summary>
    /// <exception cref="StoreException">The store failed.</exception>
    Task<NodeFacts?> ReadNodeAsync(string node, CancellationToken cancellationToken);
}

/// <summary>A store that shows people how full its pools are. Members may be called from several threads at once.</summary>
public interface IPoolStatusStore
{
    /// <summary>Shows how full these pools are; others keep what they show. A pool that is gone meanwhile is passed over.</summary>
    /// <exception cref="StoreException">The store failed; some of the pools may show the new numbers.</exception>
    Task PublishAsync(IReadOnlyList<PoolUsage> usage, CancellationToken cancellationToken);
}
