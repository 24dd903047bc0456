using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Core.Administration;

/// <summary>
/// Gives addresses to what is outside, by compare-and-swap, as every other allocation is written: a node that has the block in memory finds its next commit refused and
/// reads the block again. Services may use the store at the same time. Not thread-safe.
/// </summary>
/// <param name="store">The store, open.</param>
/// <param name="by">Who does it.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Spreads the pauses between tries.</param>
public sealed class StaticLeaser(IIpamStore store, string by, TimeProvider time, Random random)
{
    /// <summary>The lowest address that a pool hands out to anybody, in one family; null if it has none. Nothing is taken.</summary>
    /// <exception cref="StoreException">The store failed.</exception>
    public async Task<Address?> FindAsync(Pool pool, IpFamily family, PoolCatalog catalog, CancellationToken cancellationToken)
    {
        var forecast = await AllocationForecast.ReadAsync(store, pool.Space, "", time, cancellationToken);
        var policy = pool.Policy with { Order = AllocationOrder.Lowest, Affinity = BlockAffinity.None };
        return PoolRanges.Of(pool, PoolAddresses.Reserved(catalog, pool.Space)).Where(range => range.Subnet.Address.Family == family)
            .Select(range => forecast.NextOf(range.Under(policy))).FirstOrDefault(static address => address is not null);
    }

    /// <summary>Takes an address, unless somebody holds it or it cools down.</summary>
    /// <param name="space">The address's space.</param>
    /// <param name="address">The address.</param>
    /// <param name="owner">Who gets it.</param>
    /// <param name="cooldown">How long it cools down once it is released.</param>
    /// <param name="mayWrite">Whether it is written; else it is only looked at.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="StoreException">The store failed. The address may or may not be taken.</exception>
    public async Task<StaticLeaseResult> TakeAsync(
        string space, Address address, Owner owner, TimeSpan cooldown, bool mayWrite, CancellationToken cancellationToken)
    {
        var id = BlockId.Of(space, address);
        for (var attempt = 0; attempt < LeaseReleaser.MaxAttempts; attempt++)
        {
            await ConflictPause.BeforeAsync(attempt, random, time, cancellationToken);
            var found = await store.ReadBlocksAsync([id], cancellationToken);
            if (found.Damaged is [var damage, ..])
                throw StoreException.About($"add a lease of {address}", damage);
            var now = time.GetUtcNow();
            var block = (found.SingleOrDefault() ?? new Block(id, [])).EndCooldowns(now);
            if (block.LeaseOf(address) is { } held)
                return new StaticLeaseResult(StaticLeaseOutcome.Held, held);
            if (block.FirstToCoolDown(1UL << BlockId.OffsetOf(address), now) is { } cooling)
                return new StaticLeaseResult(StaticLeaseOutcome.Cooling, null) { Until = cooling.Until };
            var lease = new Lease
            {
                Space = space,
                Address = address,
                Owner = owner,
                Entry = 0,
                Sequence = block.NextSequence(now),
                Node = "",
                AcquiredAt = now,
                Cooldown = cooldown,
            };
            var change = new BlockChange(block.Take(lease), [lease], []) { Origin = new BeginReason(BeginCause.Static, by) };
            if (!mayWrite || (await store.CommitAsync([change], cancellationToken))[0].Status == CommitStatus.Committed)
                return new StaticLeaseResult(StaticLeaseOutcome.Taken, lease);
        }
        return new StaticLeaseResult(StaticLeaseOutcome.GaveUp, null);
    }
}

/// <summary>What became of an address that was to be given to what is outside.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Lease">The lease that it has now; null if it has none.</param>
public sealed record StaticLeaseResult(StaticLeaseOutcome Outcome, Lease? Lease)
{
    /// <summary>When the address has cooled down, if it cools down.</summary>
    public DateTimeOffset Until { get; init; }
}

/// <summary>What became of an address that was to be given to what is outside.</summary>
public enum StaticLeaseOutcome
{
    /// <summary>It is taken, durably; or could be, if nothing was to be written.</summary>
    Taken,

    /// <summary>Somebody holds it.</summary>
    Held,

    /// <summary>It was freed a short while ago.</summary>
    Cooling,

    /// <summary>Others changed its block at every try. It isn't taken.</summary>
    GaveUp,
}
