using Ipam.Core.Blocks;
using Ipam.Core.Reconciliation;

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

    /// <summary>
    /// How long a pass rests after each page of blocks, so that those who want addresses of the same server meanwhile hardly notice: <see cref="UsualRest"/>, or not
    /// at all where somebody waits for it.
    /// </summary>
    public TimeSpan Rest { get; init; }

    /// <summary>Several times as long as a page takes.</summary>
    public static TimeSpan UsualRest { get; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Only what is of this node is judged, released and forgotten; null for all.</summary>
    public string? Node { get; init; }

    /// <summary>Only these leases are judged and released: an earlier look found them leaked, which counts as the first reading. Null for all.</summary>
    public IReadOnlyDictionary<LeaseToken, EarlierFinding>? Named { get; init; }

    /// <summary>Whether a lease is to be judged. A static one never is: what has it is none of the cluster's.</summary>
    internal bool Means(Lease lease) => lease.Owner.EndsWithNode && (Node is null || lease.Node == Node) && Named?.ContainsKey(LeaseToken.Of(lease)) != false;

    /// <summary>Whether all that a node has is to be judged.</summary>
    internal bool Means(string node) => Named is null && (Node is null || node == Node);
}
