using Ipam.Core.Blocks;

namespace Ipam.Core.History;

/// <summary>A lease began or ended. Each is written with the commit that does it, or not at all.</summary>
/// <param name="Lease">The lease; what <see cref="Kept"/> leaves of it.</param>
/// <param name="At">When it was committed; whole milliseconds.</param>
/// <param name="Began">Why it began; null if it ended.</param>
/// <param name="Ended">Why it ended; null if it began.</param>
public sealed record LeaseEvent(Lease Lease, DateTimeOffset At, BeginReason? Began, ReleaseReason? Ended)
{
    /// <summary>The event of an end that is to be noted.</summary>
    public static LeaseEvent Of(EndToNote end) => new(Kept(end.Ended.Lease), end.At, null, end.Ended.Reason);

    /// <summary>What is kept of a lease: nothing of its namespace, of its cooldown and of whom it stays, and its time in whole milliseconds.</summary>
    public static Lease Kept(Lease lease) => lease with
    {
        NetworkNamespace = "",
        NamespaceIdentity = default,
        Sticky = null,
        Cooldown = default,
        AcquiredAt = DateTimeOffset.FromUnixTimeMilliseconds(lease.AcquiredAt.ToUnixTimeMilliseconds()),
    };
}
