using Ipam.Core.Blocks;

namespace Ipam.Core.History;

/// <summary>What is known of one lease, from its begin to its end.</summary>
/// <param name="Lease">The lease; what <see cref="LeaseEvent.Kept"/> leaves of it.</param>
public sealed record LeaseStory(Lease Lease)
{
    /// <summary>When it began; of a lease whose begin isn't kept, when its address was handed out.</summary>
    public DateTimeOffset BeganAt { get; init; } = Lease.AcquiredAt;

    /// <summary>Why it began; null if that isn't kept.</summary>
    public BeginReason? Began { get; init; }

    /// <summary>When it ended; null if it is held, or if that isn't kept.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it ended; null if it is held, or if that isn't kept.</summary>
    public ReleaseReason? Ended { get; init; }

    /// <summary>Whether it is over, though no end is kept: a program without a history ended it, or the store was set back.</summary>
    public bool EndIsUnknown { get; init; }

    /// <summary>Whether it was held at some time from one moment to another, for all that is known.</summary>
    public bool WasHeld(DateTimeOffset since, DateTimeOffset until) => BeganAt <= until && (EndedAt is not { } end || end > since);

    /// <summary>
    /// The stories that events tell, whatever their order, by space, address and sequence. The first begin and the first end count: a store that was set back may bring a
    /// lease again that was over.
    /// </summary>
    public static IReadOnlyList<LeaseStory> Of(IEnumerable<LeaseEvent> events)
    {
        var stories = new Dictionary<LeaseToken, LeaseStory>();
        foreach (var one in events)
        {
            var token = LeaseToken.Of(one.Lease);
            var story = stories.GetValueOrDefault(token) ?? new LeaseStory(one.Lease);
            stories[token] = one.Ended is null ? story.BegunBy(one) : story.EndedBy(one);
        }
        return [.. stories.Values.Order(ByAddress)];
    }

    /// <summary>By space, address and sequence.</summary>
    public static Comparer<LeaseStory> ByAddress { get; } = Comparer<LeaseStory>.Create(static (a, b) =>
        string.CompareOrdinal(a.Lease.Space, b.Lease.Space) is not 0 and var space ? space
        : a.Lease.Address.CompareTo(b.Lease.Address) is not 0 and var address ? address
        : a.Lease.Sequence.CompareTo(b.Lease.Sequence));

    private LeaseStory BegunBy(LeaseEvent one) => Began is not null && BeganAt <= one.At ? this : this with { BeganAt = one.At, Began = one.Began };

    private LeaseStory EndedBy(LeaseEvent one) => EndedAt <= one.At ? this : this with { EndedAt = one.At, Ended = one.Ended };
}
