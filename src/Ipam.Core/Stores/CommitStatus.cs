namespace Ipam.Core.Stores;

/// <summary>What became of one change of a commit.</summary>
public enum CommitStatus
{
    /// <summary>The block is as asked, durably.</summary>
    Committed,

    /// <summary>The block had another version, or an owner already holds a lease that the change would give again. Nothing was written.</summary>
    Conflict,

    /// <summary>Nothing was written because another change of the same commit conflicted, and this store commits all or nothing.</summary>
    Aborted,
}
