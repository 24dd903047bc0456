using Ipam.Core.Blocks;
using Ipam.Core.Leases;

namespace Ipam.Core.Stores;

/// <summary>
/// Where the truth about addresses is kept. Every member may be called from several threads at once. Every member throws
/// <see cref="StoreException"/> when the store fails or doesn't answer, and <see cref="OperationCanceledException"/> when cancelled.
/// </summary>
public interface IIpamStore : IAsyncDisposable
{
    /// <summary>Which store this is, for messages: the text of its URL without secrets.</summary>
    string Description { get; }

    /// <summary>Connects, creates or migrates what is missing. Called once, before anything else.</summary>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>Whether the store answers now; returns if it does, throws <see cref="StoreException"/> if not.</summary>
    Task PingAsync(CancellationToken cancellationToken);

    /// <summary>The names of all spaces that have blocks, in ordinal order.</summary>
    Task<IReadOnlyList<string>> ListSpacesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The blocks of a space, or of all spaces if <paramref name="space"/> is null, in order of space, family and address. Read in
    /// pages: each block is consistent in itself, the whole need not be of one instant.
    /// </summary>
    IAsyncEnumerable<Block> ListBlocksAsync(string? space, CancellationToken cancellationToken);

    /// <summary>The versions of all blocks of a space, or of all spaces if <paramref name="space"/> is null, in no order.</summary>
    Task<IReadOnlyList<BlockVersion>> ListVersionsAsync(string? space, CancellationToken cancellationToken);

    /// <summary>Those of the named blocks that the store has, as they are now, in no order.</summary>
    Task<IReadOnlyList<Block>> ReadBlocksAsync(IReadOnlyCollection<BlockId> ids, CancellationToken cancellationToken);

    /// <summary>All leases of an owner, over all spaces, ordered by entry.</summary>
    Task<IReadOnlyList<Lease>> FindLeasesAsync(Owner owner, CancellationToken cancellationToken);

    /// <summary>
    /// Writes each change if its block still has the version the change was made from. When it returns, what it says is committed is
    /// durable. A store either commits all changes or none (SQLite, Redis), or each for itself (Kubernetes); one block is never half
    /// written.
    /// </summary>
    /// <param name="changes">The changes, at most one per block.</param>
    /// <param name="cancellationToken">Cancels the wait; the changes may have been written all the same.</param>
    /// <returns>One result per change, in the same order.</returns>
    Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<BlockChange> changes, CancellationToken cancellationToken);
}
