using Ipam.Core.Blocks;

namespace Ipam.Core.Stores;

/// <summary>The outcome for one <see cref="BlockChange"/>.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Version">The new version if committed (0 if the block was deleted), else 0.</param>
/// <param name="Current">
/// After a conflict, the blocks as they are in the store now: the block of the change, unless the store doesn't have it, and the blocks in
/// which the owner already holds a lease, those that can't be read among them. After a commit, the block if its leases were placed elsewhere in it. Otherwise empty.
/// </param>
public sealed record CommitResult(CommitStatus Status, long Version, Found<Block> Current)
{
    private static readonly Found<Block> None = new([]);

    /// <summary>The change was written; the block has <paramref name="version"/> now.</summary>
    public static CommitResult Committed(long version) => new(CommitStatus.Committed, version, None);

    /// <summary>The change was written beside what others had: the leases were placed as <paramref name="block"/> shows.</summary>
    public static CommitResult Placed(Block block) => new(CommitStatus.Committed, block.Version, new Found<Block>([block]));

    /// <summary>The change was not written. <paramref name="current"/> are the blocks that it conflicts with.</summary>
    public static CommitResult Conflict(Found<Block> current) => new(CommitStatus.Conflict, 0, current);

    /// <summary>The change was not written because of another one.</summary>
    public static CommitResult Aborted { get; } = new(CommitStatus.Aborted, 0, None);
}

/// <summary>What became of one change of a commit.</summary>
public enum CommitStatus
{
    /// <summary>The change is written, durably.</summary>
    Committed,

    /// <summary>The block had another version, or an owner already holds a lease for the same entry. Nothing was written.</summary>
    Conflict,

    /// <summary>Nothing was written because another change of the same commit conflicted, and this store commits all or nothing.</summary>
    Aborted,
}
