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
    /// How long a request is planned again because of conflicts, before it is refused, if its caller has no deadline of its own.
    /// </summary>
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long what a look at the store showed ("exhausted", "held by another") serves those who ask later. However many ask, the store is looked at once in
    /// this time for each space.
    /// </summary>
    public TimeSpan VerdictAge { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long an empty block stays in the store after this process last saw one of its addresses handed out. It must be longer than a write can be on its way after its
    /// caller gave up, because such a write could create the block again.
    /// </summary>
    public TimeSpan KeepEmptyBlocks { get; init; } = TimeSpan.FromMinutes(10);
}
