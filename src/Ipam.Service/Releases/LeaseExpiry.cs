using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Service.Releases;

/// <summary>
/// Ends leases whose time is over, address conflicts and kept addresses: this node's own at once; others' that memory knows when their own ipamd should have done that long ago, each node at
/// another moment. Those of a machine that moves are left to the leader, who can see that none of its pods is left. Not thread-safe.
/// </summary>
/// <param name="allocator">Knows the leases, and ends them.</param>
/// <param name="store">Has the records of sticky owners.</param>
/// <param name="isOurs">Whether this node handed a lease out.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Spreads the nodes.</param>
internal sealed class LeaseExpiry(Allocator allocator, IIpamStore store, Func<Lease, bool> isOurs, TimeProvider time, Random random)
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
        var over = await allocator.ListAsync(
            lease => lease.IsOver(now) && lease.Sticky?.Owner.Moves != true && (isOurs(lease) || lease.IsOver(now, _patience)), cancellationToken);
        foreach (var lease in over)
        {
            if (await allocator.ReleaseAsync(lease, ReleaseCause.Expiry, lease.Overtime, null, cancellationToken))
                await ForgetAsync(lease, cancellationToken);
        }
    }

    /// <summary>Where a leader works, he deletes records that say nothing any more.</summary>
    private async Task ForgetAsync(Lease lease, CancellationToken cancellationToken)
    {
        if (store.Cluster is not null || lease.StickyInterface?.ToString() is not { } name)
            return;
        var text = await store.Sticky.FindAsync(name, cancellationToken);
        if (StickyRecord.Parse(text) is { } record && record.Addresses.Contains(lease.Address))
            await store.Sticky.PutAsync(name, text, record.Without(lease.Address)?.ToString(), cancellationToken);
    }
}
