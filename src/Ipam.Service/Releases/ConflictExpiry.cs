using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Service.Releases;

/// <summary>
/// Ends address conflicts whose time is over: this node's own at once; others' that memory knows when their own ipamd should have done that long ago, each node at
/// another moment. Not thread-safe.
/// </summary>
/// <param name="allocator">Knows the leases, and ends them.</param>
/// <param name="isOurs">Whether this node handed a lease out.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Spreads the nodes.</param>
internal sealed class ConflictExpiry(Allocator allocator, Func<Lease, bool> isOurs, TimeProvider time, Random random)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly TimeSpan _patience = Lease.ConflictLasts * (1 + random.NextDouble());
    private long? _lookedAt;

    /// <summary>Ends them, if it is time to look. Throws <see cref="StoreException"/>.</summary>
    public async Task TurnAsync(CancellationToken cancellationToken)
    {
        var moment = time.GetTimestamp();
        if (_lookedAt is { } last && time.GetElapsedTime(last, moment) < Interval)
            return;
        _lookedAt = moment;
        var now = time.GetUtcNow();
        var over = await allocator.ListAsync(lease => lease.IsOver(now) && (isOurs(lease) || lease.IsOver(now, _patience)), cancellationToken);
        foreach (var lease in over)
            await allocator.ReleaseAsync(lease, ReleaseCause.Expiry, cancellationToken);
    }
}
