using System.Runtime.CompilerServices;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Blocks;

/// <summary>Reads and writes blocks as objects of the API.</summary>
internal sealed class BlockObjects(Func<IKubernetesClient> client, KubernetesStoreOptions options) : IDisposable
{
    /// <summary>Bounds the requests for single blocks that are under way, over all callers.</summary>
    private readonly SemaphoreSlim _room = new(options.MostAtOnce);

    public void Dispose() => _room.Dispose();

    public async Task<IReadOnlyList<string>> ListSpacesAsync(CancellationToken cancellationToken)
    {
        var spaces = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var summary in await ListSummariesAsync(BlockFilter.All, cancellationToken))
            spaces.Add(summary.Id.Space);
        return [.. spaces];
    }

    public async Task<IReadOnlyList<BlockSummary>> ListSummariesAsync(BlockFilter filter, CancellationToken cancellationToken)
    {
        if (filter.Node is { } node)
        {
            var (own, shared) = Selectors(filter.Space, node);
            return [.. (await Listing().OfEitherAsync(own, shared, metadataOnly: true, BlockReader.ReadSummary, cancellationToken)).Values];
        }
        var summaries = new List<BlockSummary>();
        var selector = filter.Space is { } space ? BlockLabels.SpaceSelector(space) : null;
        await foreach (var item in Listing().ByNameAsync(selector, metadataOnly: true, cancellationToken))
            summaries.Add(BlockReader.ReadSummary(item));
        return summaries;
    }

    public async IAsyncEnumerable<Block> ListAsync(BlockFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (filter.Node is { } node)
        {
            foreach (var block in await ListOfNodeAsync(filter, node, cancellationToken))
                yield return block;
            yield break;
        }
        foreach (var name in filter.Space is not { } space ? await ListSpacesAsync(cancellationToken) : [space])
        {
            await foreach (var item in Listing().ByNameAsync(BlockLabels.SpaceSelector(name), metadataOnly: false, cancellationToken))
                yield return BlockReader.Read(item);
        }
    }

    public async Task<IReadOnlyList<Block>> ReadAsync(IReadOnlyCollection<BlockId> ids, CancellationToken cancellationToken)
    {
        var blocks = await Task.WhenAll(ids.Select(id => WithRoomAsync(() => ReadAsync(id, cancellationToken), cancellationToken)));
        return [.. blocks.OfType<Block>()];
    }

    public async Task<IReadOnlyList<Lease>> FindLeasesAsync(Owner owner, string? node, CancellationToken cancellationToken)
    {
        var leases = new List<Lease>();
        var selector = node is null ? null : BlockLabels.OfNode(node);
        await foreach (var item in Listing().ByNameAsync(selector, metadataOnly: false, cancellationToken))
        {
            foreach (var lease in BlockReader.Read(item).Leases)
            {
                if (lease.Owner == owner)
                    leases.Add(lease);
            }
        }
        return [.. leases.OrderBy(static lease => lease.Entry)];
    }

    public async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<BlockChange> changes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // All are awaited, also if one fails: none must still be under way when the caller goes on.
        return await Task.WhenAll(changes.Select(change => WithRoomAsync(() => CommitAsync(change, cancellationToken), cancellationToken)));
    }

    private async Task<CommitResult> CommitAsync(BlockChange change, CancellationToken cancellationToken)
    {
        var answer = await WriteAsync(change, cancellationToken);
        if (answer.Outcome == WriteOutcome.Written)
            return CommitResult.Committed(answer.Meta?.ResourceVersion ?? 0);
        return CommitResult.Conflict(await ReadAsync(change.Block.Id, cancellationToken) is { } current ? [current] : []);
    }

    private async Task<WriteAnswer> WriteAsync(BlockChange change, CancellationToken cancellationToken)
    {
        var name = BlockName.Of(change.Block.Id);
        if (change.Block.Version == 0)
        {
            // What isn't there can't be deleted.
            return change.Delete
                ? new WriteAnswer(WriteOutcome.Conflict, null)
                : await client().CreateAsync(ApiTypes.Blocks, BlockWriter.Write(change.Block), cancellationToken);
        }
        return change.Delete
            ? await client().DeleteAsync(ApiTypes.Blocks, name, new Preconditions(change.Block.Version), cancellationToken)
            : await client().ReplaceAsync(ApiTypes.Blocks, name, BlockWriter.Write(change.Block), cancellationToken);
    }

    private async Task<Block?> ReadAsync(BlockId id, CancellationToken cancellationToken)
    {
        using var document = await client().GetAsync(ApiTypes.Blocks, BlockName.Of(id), cancellationToken);
        return document is null ? null : BlockReader.Read(document.RootElement);
    }

    private async Task<List<Block>> ListOfNodeAsync(BlockFilter filter, string node, CancellationToken cancellationToken)
    {
        var (own, shared) = Selectors(filter.Space, node);
        var found = await Listing().OfEitherAsync(own, shared, metadataOnly: false, BlockReader.Read, cancellationToken);
        return found.Values.Where(filter.Matches)
            .OrderBy(static block => block.Id.Space, StringComparer.Ordinal).ThenBy(static block => block.Id.Family).ThenBy(static block => block.Id.Index)
            .ToList();
    }

    /// <summary>Of the blocks that belong to the node or have leases of it, and of those that belong to none.</summary>
    private static (string Own, string Shared) Selectors(string? space, string node)
    {
        var prefix = space is null ? "" : $"{BlockLabels.SpaceSelector(space)},";
        return (prefix + BlockLabels.OfNode(node), prefix + BlockLabels.Shared);
    }

    private BlockListing Listing() => new(client(), options.ObjectsPerPage);

    private async Task<T> WithRoomAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            _room.Release();
        }
    }
}
