using System.Numerics;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Core.Administration;

/// <summary>
/// What is in use of the spaces of an open store. Each space's summaries are read once and kept. Throws <see cref="StoreException"/>. Not
/// thread-safe.
/// </summary>
public sealed class SpaceSurvey(IIpamStore store, TimeProvider time)
{
    private readonly PoolForecasts _forecasts = new(store, time);
    private readonly Dictionary<string, Found<BlockSummary>> _spaces = [];
    private readonly Dictionary<string, PoolUsageCounter> _counters = [];
    private readonly List<DamagedBlock> _damaged = [];

    /// <summary>The damaged blocks that were met.</summary>
    public IReadOnlyList<DamagedBlock> Damaged => _damaged;

    /// <summary>The summaries of a space's blocks, in no order.</summary>
    public async Task<Found<BlockSummary>> SummariesAsync(string space, CancellationToken cancellationToken)
    {
        if (_spaces.TryGetValue(space, out var blocks))
            return blocks;
        _spaces[space] = blocks = await store.ListSummariesAsync(new BlockFilter(space), cancellationToken);
        _damaged.AddRange(blocks.Damaged);
        return blocks;
    }

    /// <summary>How full a pool is, and when it will be exhausted.</summary>
    public async Task<PoolStatus> StatusAsync(Pool pool, PoolCatalog catalog, CancellationToken cancellationToken)
    {
        if (!_counters.TryGetValue(pool.Space, out var counter))
            _counters[pool.Space] = counter = new PoolUsageCounter(catalog, await SummariesAsync(pool.Space, cancellationToken));
        var usage = counter.Count(pool);
        return new PoolStatus(pool, usage) { Forecast = await _forecasts.OfAsync(usage, cancellationToken) };
    }

    /// <summary>Every space and family that has blocks, in order.</summary>
    public async Task<IReadOnlyList<SpaceUsage>> CountAsync(CancellationToken cancellationToken)
    {
        var summaries = await store.ListSummariesAsync(BlockFilter.All, cancellationToken);
        _damaged.AddRange(summaries.Damaged);
        return
        [
            .. summaries.GroupBy(static block => (block.Id.Space, block.Id.Family))
                .Select(static blocks => new SpaceUsage(
                    blocks.Key.Space, blocks.Key.Family, blocks.Count(), blocks.Sum(static block => (long)BitOperations.PopCount(block.Held))))
                .OrderBy(static usage => usage.Space, StringComparer.Ordinal).ThenBy(static usage => usage.Family),
        ];
    }
}

/// <summary>What is in use of an address space in one family.</summary>
/// <param name="Space">The space.</param>
/// <param name="Family">The family.</param>
/// <param name="Blocks">Blocks in the store.</param>
/// <param name="Held">Addresses held in them.</param>
public sealed record SpaceUsage(string Space, IpFamily Family, long Blocks, long Held);
