namespace Ipam.Core.GarbageCollection;

/// <summary>What a <see cref="LeakCollector"/> is told.</summary>
public sealed record CollectorOptions
{
    /// <summary>Who collects, for the reason of each release: a node's name, or an admin's.</summary>
    public required string By { get; init; }

    /// <summary>The least time between the two readings that find an owner gone.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// After how long without a sign of its ipamd a node counts as gone. Null: never, because a node may live whose ipamd doesn't, or that can't be reached.
    /// </summary>
    public TimeSpan? NodeGoneAfter { get; init; }
}
