using System.Globalization;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Web.Reading;

/// <summary>A store at a moment, without its leases.</summary>
/// <param name="Overview">It in a few numbers, and what is wrong.</param>
/// <param name="Catalog">Its pools and reservations.</param>
/// <param name="Pools">How full the pools are, by name.</param>
/// <param name="Blocks">Its blocks.</param>
internal sealed record StoreSummary(StoreOverview Overview, PoolCatalog Catalog, IReadOnlyList<PoolStatus> Pools, ILookup<string, BlockSummary> Blocks)
{
    /// <summary>A digest of it: another one when anything is handed out or released in a pool, or pools, nodes or the leader change.</summary>
    public string Mark { get; } = MarkOf(Overview, Catalog, Blocks);

    /// <summary>Reads it.</summary>
    /// <exception cref="StoreException">The store failed.</exception>
    public static async Task<StoreSummary> ReadAsync(IIpamStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        var overview = await StoreOverview.ReadAsync(store, cancellationToken);
        var catalog = await store.Pools.ReadAsync(cancellationToken);
        var survey = new SpaceSurvey(store, time);
        var pools = new List<PoolStatus>();
        var blocks = new List<BlockSummary>();
        foreach (var pool in catalog.Pools.OrderBy(static pool => pool.Name, StringComparer.Ordinal))
            pools.Add(await survey.StatusAsync(pool, catalog, cancellationToken));
        foreach (var space in catalog.Pools.Select(static pool => pool.Space).Distinct())
            blocks.AddRange(await survey.SummariesAsync(space, cancellationToken));
        return new StoreSummary(overview, catalog, pools, blocks.ToLookup(static block => block.Id.Space));
    }

    private static string MarkOf(StoreOverview overview, PoolCatalog catalog, ILookup<string, BlockSummary> blocks)
    {
        var hash = new HashCode();
        hash.Add(catalog.Revision);
        hash.Add(overview.Held);
        hash.Add(overview.Leader?.Holder);
        foreach (var node in overview.Standing.Nodes)
            hash.Add((node.Node, node.Run));
        foreach (var problem in overview.Problems)
            hash.Add(problem);
        foreach (var block in blocks.SelectMany(static space => space))
            hash.Add((block.Id, block.Version));
        return hash.ToHashCode().ToString("x8", CultureInfo.InvariantCulture);
    }
}
