using System.Runtime.CompilerServices;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;
using Ipam.Stores.Kubernetes.Identity;

namespace Ipam.Stores.Kubernetes.Blocks;

/// <summary>Reads and writes blocks as objects of the API.</summary>
/// <param name="client">The client.</param>
/// <param name="pasts">Notices that the cluster lost its data.</param>
/// <param name="limits">How many at a time.</param>
/// <param name="endsAreNoted">Whether the caller has a history for what it ends and what it finds ended; otherwise that is left in the blocks.</param>
/// <param name="time">The clock.</param>
internal sealed class BlockObjects(Func<IKubernetesClient> client, ClusterPasts pasts, BlockLimits limits, bool endsAreNoted, TimeProvider time) : IDisposable
{
    /// <summary>Behind so many others, whoever wants to write waits a while first, which is the caller's business.</summary>
    private const int MostPlacings = 32;

    private readonly SemaphoreSlim _room = new(limits.AtOnce);

    /// <summary>Apart from the writes': nobody's commit is to wait for reads that are slow.</summary>
    private readonly SemaphoreSlim _readRoom = new(limits.AtOnce);

    public void Dispose()
    {
        _room.Dispose();
        _readRoom.Dispose();
    }

    public async Task<IReadOnlyList<string>> ListSpacesAsync(CancellationToken cancellationToken)
    {
        var spaces = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var summary in await ListSummariesAsync(BlockFilter.All, cancellationToken))
            spaces.Add(summary.Id.Space);
        return [.. spaces];
    }

    public async Task<Found<BlockSummary>> ListSummariesAsync(BlockFilter filter, CancellationToken cancellationToken)
    {
        if (filter.Node is { } node)
        {
            var (own, shared) = Selectors(filter.Space, node);
            return Named<BlockSummary>.Of(await Listing().OfEitherAsync(SummaryKind.Instance, own, shared, cancellationToken));
        }
        var summaries = new List<Named<BlockSummary>>();
        var selector = filter.Space is { } space ? BlockLabels.SpaceSelector(space) : null;
        await foreach (var summary in Listing().ByNameAsync(SummaryKind.Instance, selector, cancellationToken))
            summaries.Add(summary);
        return Named<BlockSummary>.Of(summaries);
    }

    public async IAsyncEnumerable<Found<Block>> ListAsync(BlockFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (filter.Node is { } node)
        {
            yield return await ListOfNodeAsync(filter, node, cancellationToken);
            yield break;
        }
        if (filter.Space is { } one)
        {
            await foreach (var page in ListOfSpaceAsync(one, [], cancellationToken))
                yield return page;
            yield break;
        }
        // A damaged block may be without the label of its space.
        var all = await ListSummariesAsync(BlockFilter.All, cancellationToken);
        yield return new Found<Block>([], all.Damaged);
        HashSet<DamagedBlock> told = [.. all.Damaged];
        foreach (var space in all.Select(static block => block.Id.Space).Distinct().Order(StringComparer.Ordinal))
        {
            await foreach (var page in ListOfSpaceAsync(space, told, cancellationToken))
                yield return page;
        }
    }

    public async Task<Found<Block>> ReadAsync(IReadOnlyCollection<BlockId> ids, CancellationToken cancellationToken)
    {
        var blocks = await Task.WhenAll(ids.Select(id => WithRoomAsync(_readRoom, () => ReadAsync(id, cancellationToken), cancellationToken)));
        return Named<Block>.Of(blocks.OfType<Named<Block>>());
    }

    public async Task<Found<Lease>> FindLeasesAsync(Owner owner, string? node, CancellationToken cancellationToken)
    {
        var leases = new List<Lease>();
        var damaged = new List<DamagedBlock>();
        var selector = node is null ? null : BlockLabels.OfNode(node);
        await foreach (var item in Listing().ByNameAsync(BlockKind.Instance, selector, cancellationToken))
        {
            // Container ids are as they are in JSON, too.
            if (item.Damage is { } damage && item.Text.Contains(owner.ContainerId, StringComparison.Ordinal))
                damaged.Add(damage);
            foreach (var lease in item.Value?.Leases ?? [])
            {
                if (lease.Owner == owner)
                    leases.Add(lease);
            }
        }
        return new Found<Lease>([.. leases.OrderBy(static lease => lease.Entry)], damaged);
    }

    /// <summary>The revision that the server is at.</summary>
    public async Task<long> ReadRevisionAsync(CancellationToken cancellationToken)
    {
        var page = await client().ListAsync(SummaryKind.Instance, new ListQuery { Limit = 1 }, cancellationToken);
        return ObjectMeta.Number(page.ResourceVersion, "a list");
    }

    public async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<BlockChange> changes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // All are awaited, also if one fails: none must still be under way when the caller goes on.
        return await Task.WhenAll(changes.Select(change => WithRoomAsync(_room, () => CommitAsync(change, cancellationToken), cancellationToken)));
    }

    /// <summary>
    /// Who meets a block that others change at the same time places the leases in it as it is, and tries again at once: of those who do so one wins each time.
    /// </summary>
    private async Task<CommitResult> CommitAsync(BlockChange change, CancellationToken cancellationToken)
    {
        var result = await CommitAsItIsAsync(change, cancellationToken);
        for (var tries = 0; tries < MostPlacings && result is { Status: CommitStatus.Conflict, Current: [var current] } && change.PlacedIn(current) is { } placed; tries++)
        {
            result = await CommitAsItIsAsync(placed, cancellationToken);
            if (result.Status == CommitStatus.Committed)
                return CommitResult.Placed(placed.Block with { Version = result.Version });
        }
        return result;
    }

    private async Task<CommitResult> CommitAsItIsAsync(BlockChange change, CancellationToken cancellationToken)
    {
        var before = pasts.Highest;
        // Nothing tells an object that is new from one that was lost, but the store's identity.
        var check = change.Block.Version == 0 ? pasts.CheckAsync(cancellationToken)
            : change.Added.Count > 0 ? pasts.CheckNowAndThenAsync(cancellationToken)
            : Task.FromResult(true);
        var write = WriteAsync(change, cancellationToken);
        await Task.WhenAll(check, write);
        var answer = await write;
        if (answer.Meta is { } meta)
            pasts.Written(meta.ResourceVersion, before);
        if (answer.Outcome == WriteOutcome.Written)
            return CommitResult.Committed(answer.Meta?.ResourceVersion ?? 0);
        return CommitResult.Conflict(await ReadAsync(change.Block.Id, cancellationToken) is { } current ? Named<Block>.Of([current]) : new Found<Block>([]));
    }

    private async Task<WriteAnswer> WriteAsync(BlockChange change, CancellationToken cancellationToken)
    {
        var name = BlockName.Of(change.Block.Id);
        if (change.Block.Version == 0)
        {
            // What isn't there can't be deleted.
            return change.Delete
                ? new WriteAnswer(WriteOutcome.Conflict, null)
                : await client().CreateAsync(BlockKind.Instance, new Named<Block>(name, AsWritten(change)), cancellationToken);
        }
        return change.Delete
            ? await client().DeleteAsync(BlockKind.Instance, name, change.Block.Version, null, cancellationToken)
            : await client().ReplaceAsync(BlockKind.Instance, name, new Named<Block>(name, AsWritten(change)), cancellationToken);
    }

    private Block AsWritten(BlockChange change) => !endsAreNoted ? change.Block.LeaveToNote(change.Ended, time.GetUtcNow())
        : change.Block.EndsToNote.Count == 0 ? change.Block
        : change.Block with { EndsToNote = [] };

    // Who asks for a block knows which it is, whatever can be read of it.
    private async Task<Named<Block>?> ReadAsync(BlockId id, CancellationToken cancellationToken) =>
        await client().GetAsync(BlockKind.Instance, BlockName.Of(id), cancellationToken) is not { } item ? null
        : item.Damage is { } damage ? item with { Damage = damage with { Id = id } }
        : item;

    private async IAsyncEnumerable<Found<Block>> ListOfSpaceAsync(
        string space, HashSet<DamagedBlock> told, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var page = new List<Named<Block>>();
        await foreach (var item in new BlockListing(client(), limits.BlocksPerPage).ByNameAsync(BlockKind.Instance, BlockLabels.SpaceSelector(space), cancellationToken))
        {
            if (item.Damage is null || !told.Contains(item.Damage))
                page.Add(item);
            if (page.Count < limits.BlocksPerPage)
                continue;
            yield return Named<Block>.Of(page);
            page.Clear();
        }
        if (page.Count > 0)
            yield return Named<Block>.Of(page);
    }

    private async Task<Found<Block>> ListOfNodeAsync(BlockFilter filter, string node, CancellationToken cancellationToken)
    {
        var (own, shared) = Selectors(filter.Space, node);
        var found = Named<Block>.Of(await Listing().OfEitherAsync(BlockKind.Instance, own, shared, cancellationToken));
        return new Found<Block>(
            [
                .. found.Where(filter.Matches)
                    .OrderBy(static block => block.Id.Space, StringComparer.Ordinal).ThenBy(static block => block.Id.Family).ThenBy(static block => block.Id.Index),
            ],
            found.Damaged);
    }

    /// <summary>Of the blocks that belong to the node or have leases of it, and of those that belong to none.</summary>
    private static (string Own, string Shared) Selectors(string? space, string node)
    {
        var prefix = space is null ? "" : $"{BlockLabels.SpaceSelector(space)},";
        return (prefix + BlockLabels.OfNode(node), prefix + BlockLabels.Shared);
    }

    private BlockListing Listing() => new(client(), limits.ObjectsPerPage);

    private static async Task<T> WithRoomAsync<T>(SemaphoreSlim room, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await room.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            room.Release();
        }
    }
}
