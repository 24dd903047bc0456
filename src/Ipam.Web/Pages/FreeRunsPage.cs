using Ipam.Core.Addresses;
using Ipam.Web.Reading;

namespace Ipam.Web.Pages;

/// <summary>All runs of free addresses of a pool, in order, so many on a page.</summary>
internal sealed class FreeRunsPage(StoreReads reads)
{
    private const int MostRuns = 200;

    /// <summary>Reads it.</summary>
    public async Task<PageContent?> ReadAsync(PageRequest request, CancellationToken cancellationToken)
    {
        var catalog = (await reads.SummaryAsync(cancellationToken)).Catalog;
        if (request.Path.Count != 2 || catalog.FindPool(request.Path[1]) is not { } pool)
            return null;
        var map = await reads.MapAsync(pool, catalog, cancellationToken);
        Address? after = Address.TryParse(request.Text("after"), out var given) ? given : null;
        var runs = map.Free.SkipWhile(run => after is { } place && (run.Addresses.First.Family != place.Family || run.Addresses.First <= place)).Take(MostRuns + 1).ToList();
        return new PageContent($"Free runs of pool {pool.Name}", html =>
        {
            html.Begin("p").Anchor(request.To("pool", pool.Name), $"Back to pool {pool.Name}").End();
            FreeRuns.Write(html, request, pool.Name, "Free runs in order", runs.Take(MostRuns));
            if (runs.Count > MostRuns)
                html.Begin("p").Anchor(request.To("free", pool.Name).With("after", runs[MostRuns - 1].Addresses.First.ToString()), "More").End();
            html.Damaged(map.Damaged.Select(static block => block.Why));
        })
        { Part = "Pools" };
    }
}
