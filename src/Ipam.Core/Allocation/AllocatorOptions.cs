namespace Ipam.Core.Allocation;

/// <summary>Limits of an <see cref="Allocator"/>.</summary>
public sealed record AllocatorOptions
{
    /// <summary>The node that the allocator works for: which blocks are its own.</summary>
    public string Node { get; init; } = "";

    /// <summary>The most requests that one commit carries.</summary>
    public int MaxBatch { get; init; } = 512;

    /// <summary>The longest wait for one call of the store.</summary>
    public TimeSpan StoreTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often one request is planned anew because others changed the same blocks, before it is refused. The pauses between the attempts
    /// make that many last about as long as a caller waits.
    /// </summary>
    public int MaxAttempts { get; init; } = 256;

    /// <summary>
    /// How long a block stays in the store after its last lease was handed out, once it is empty. Longer than a write whose caller has
    /// given up can be under way: it might create the block anew.
    /// </summary>
    public TimeSpan KeepEmptyBlocks { get; init; } = TimeSpan.FromMinutes(10);
}
