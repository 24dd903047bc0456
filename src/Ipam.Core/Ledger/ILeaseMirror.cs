using Ipam.Core.Blocks;

namespace Ipam.Core.Ledger;

/// <summary>
/// A copy, outside the store, of this node's leases that the store confirmed. Called from the allocator's loop: members must be quick, must not
/// throw, and are never called at the same time.
/// </summary>
public interface ILeaseMirror
{
    /// <summary>The store confirmed a block. Of its leases only those of this node count, and static ones.</summary>
    /// <param name="before">What it confirmed of the block before, perhaps in the same version; null for nothing.</param>
    /// <param name="after">The block.</param>
    void Confirmed(Block? before, Block after);

    /// <summary>The block holds nothing of this node any more.</summary>
    void Forgotten(BlockId id);

    /// <summary>What was told until now is to survive the end of the process. Called before anybody is answered.</summary>
    void Flush();
}
