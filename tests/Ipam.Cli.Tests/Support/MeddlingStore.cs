using Ipam.Core.Blocks;
using Ipam.Core.Leases;
using Ipam.Core.Stores;

namespace Ipam.Cli.Tests.Support;

/// <summary>A store into which something comes before each commit.</summary>
internal sealed class MeddlingStore(IIpamStore inner, Func<Task> beforeCommit) : IIpamStore
{
    public string Description => inner.Description;

    public Task OpenAsync(CancellationToken cancellationToken) => inner.OpenAsync(cancellationToken);

    public Task PingAsync(CancellationToken cancellationToken) => inner.PingAsync(cancellationToken);

    public Task<IReadOnlyList<string>> ListSpacesAsync(CancellationToken cancellationToken) => inner.ListSpacesAsync(cancellationToken);

    public IAsyncEnumerable<Block> ListBlocksAsync(string? space, CancellationToken cancellationToken) =>
        inner.ListBlocksAsync(space, cancellationToken);

    public Task<IReadOnlyList<BlockVersion>> ListVersionsAsync(string? space, CancellationToken cancellationToken) =>
        inner.ListVersionsAsync(space, cancellationToken);

    public Task<IReadOnlyList<Block>> ReadBlocksAsync(IReadOnlyCollection<BlockId> ids, CancellationToken cancellationToken) =>
        inner.ReadBlocksAsync(ids, cancellationToken);

    public Task<IReadOnlyList<Lease>> FindLeasesAsync(Owner owner, CancellationToken cancellationToken) =>
        inner.FindLeasesAsync(owner, cancellationToken);

    public async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<BlockChange> changes, CancellationToken cancellationToken)
    {
        await beforeCommit();
        return await inner.CommitAsync(changes, cancellationToken);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
