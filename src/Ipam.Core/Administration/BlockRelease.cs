using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Core.Administration;

/// <summary>Takes empty blocks out of a store, so that any node may claim them.</summary>
public static class BlockRelease
{
    /// <summary>Why a block can't be released, and what to do about it; null if it can.</summary>
    public static string? Obstacle(Block block, DateTimeOffset now) =>
        block.Held != 0 ? $"addresses in it are held ({block.Leases.Count}); 'ipamctl lease list {block.Id.Prefix}' shows by whom, 'ipamctl node forget' ends all that a dead node has"
        : block.EndCooldowns(now).CoolingBits != 0 ? "addresses in it are cooling down, which it remembers; try again when that is over"
        : !block.IsSpent(now) ? "it remembers a sequence that is ahead of this machine's clock, which must not be given twice; set the clock right"
        : null;

    /// <summary>Deletes a block that is as it was read.</summary>
    /// <returns>False if it isn't any more. Nothing is then changed.</returns>
    /// <exception cref="StoreException">The store failed; the block may have been deleted.</exception>
    public static async Task<bool> TryAsync(IIpamStore store, Block block, CancellationToken cancellationToken) =>
        (await store.CommitAsync([new BlockChange(block, [], [], Delete: true)], cancellationToken))[0].Status == CommitStatus.Committed;
}
