using System.Numerics;
using Ipam.Core.Leadership;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Core.Administration;

/// <summary>A store in a few numbers, and what is wrong in it.</summary>
/// <param name="Standing">Its data, and the nodes that work on it.</param>
/// <param name="Leader">Who leads, as the store has it; null if nobody does.</param>
/// <param name="Held">How many addresses are held.</param>
/// <param name="Blocks">How many blocks there are.</param>
/// <param name="Pools">How many pools there are.</param>
/// <param name="Problems">What is wrong, a sentence each.</param>
public sealed record StoreOverview(
    StoreStanding Standing, LeaderRecord? Leader, long Held, int Blocks, int Pools, IReadOnlyList<string> Problems)
{
    /// <summary>Looks at a store.</summary>
    /// <exception cref="StoreException">The store failed.</exception>
    public static async Task<StoreOverview> ReadAsync(IIpamStore store, CancellationToken cancellationToken)
    {
        var standing = await StoreStanding.ReadAsync(store, cancellationToken);
        var record = await store.Leaders.FindAsync(LeaderRole.Controller, cancellationToken);
        var leader = record is { Holder.Length: > 0 } ? record : null;
        var catalog = await store.Pools.ReadAsync(cancellationToken);
        var blocks = await store.ListSummariesAsync(BlockFilter.All, cancellationToken);
        var problems = new List<string>();
        var missing = string.Join(", ", standing.Missing);
        if (missing.Length > 0)
            problems.Add($"the store lost data, and nothing is handed out until the leases of {missing} are there again, or 'ipamctl store accept'");
        if (record is not null && leader is null)
            problems.Add("nobody leads: 'ipamctl leader' says since when");
        problems.AddRange(blocks.Damaged.Select(static block => block.Why));
        problems.AddRange(catalog.Damaged.Select(static entry => entry.Why));
        var counter = new PoolUsageCounter(catalog, blocks);
        foreach (var pool in catalog.Pools)
        {
            var usage = counter.Count(pool);
            if (pool.IsBeingDeleted)
                problems.Add($"pool {pool.Name} is being deleted and waits for its leases ({usage.UsedText} held)");
            else if (!pool.IsDisabled && usage.IsExhausted)
                problems.Add($"pool {pool.Name} has no {usage.ExhaustedFamilies} address left ({usage.UsedText} held of {usage.SizeText})");
        }
        return new StoreOverview(
            standing, leader, blocks.Sum(static block => (long)BitOperations.PopCount(block.Held)), blocks.Whole.Count, catalog.Pools.Count, problems);
    }
}
