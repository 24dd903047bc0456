using Ipam.Core.Addresses;
using Ipam.Core.Administration;
using Ipam.Core.Pools;
using Ipam.Core.Trends;
using Ipam.Web.Html;
using Ipam.Web.Reading;

namespace Ipam.Web.Pages;

/// <summary>A pool: how full it is, its free runs, and then its map.</summary>
internal sealed class PoolPage(StoreReads reads)
{
    private const int MostRuns = 10;
    private const int MostQuotas = 20;

    /// <summary>Reads it.</summary>
    public async Task<PageContent?> ReadAsync(PageRequest request, CancellationToken cancellationToken)
    {
        var summary = await reads.SummaryAsync(cancellationToken);
        if (request.Path.Count != 2 || summary.Pools.FirstOrDefault(status => status.Pool.Name == request.Path[1]) is not { } status)
            return null;
        var pool = status.Pool;
        var map = await reads.MapAsync(pool, summary.Catalog, cancellationToken);
        var free = map.Free.GroupBy(static run => run.Addresses.First.Family)
            .SelectMany(static runs => runs.OrderByDescending(static run => run.Count).Take(MostRuns)).ToList();
        var shown = WindowAt(pool, request.Text("at"));
        var window = shown is { } range ? await reads.WindowAsync(pool.Space, range, [pool], summary.Catalog, cancellationToken) : null;
        var facts = window?.All().ToList();
        var blocks = new BlockMap(pool, summary);
        var quotas = await QuotaUse.OfAsync(reads.Store, pool, cancellationToken);
        return new PageContent($"Pool {pool.Name}", html =>
        {
            WriteFigures(html, status, quotas);
            WriteFree(html, request, pool, free);
            html.Element("h2", "Map", ("id", "map"));
            WriteWays(html, request, pool, shown);
            html.Begin("div", ("class", "maps"));
            if (facts is not null)
            {
                html.Begin("div");
                AddressTable.Write(html, request, pool.Space, facts);
                html.End();
            }
            if (!StoreReads.SubnetsOf(pool).All(IsSmall))
            {
                html.Begin("div");
                BlockTables.Write(html, request, blocks, shown, request.Text("from"));
                html.End();
            }
            html.End();
            html.Damaged(map.Damaged.Select(static block => block.Why));
        })
        { Part = "Pools", IsLive = true };
    }

    private static void WriteFigures(HtmlWriter html, PoolStatus status, IReadOnlyList<QuotaUse> quotas)
    {
        var pool = status.Pool;
        html.Begin("dl", ("class", "pairs"));
        html.Element("dt", "Use").Begin("dd");
        foreach (var (name, family) in status.Usage.Families)
        {
            html.Begin("div");
            PoolsPage.WriteUse(html, name, family);
            html.Text($"{Words.Number((UInt128)family.Used)} used, {Words.Number(family.Free)} free of {Words.Number(family.Size)}{(family.Reserved > 0 ? $", {Words.Number(family.Reserved)} reserved" : "")}").End();
        }
        html.End();
        html.Pair("Full in", ForecastText.Full(status.Forecast)).Pair("Course", ForecastText.Course(status.Forecast));
        html.Pair("State", PoolText.State(pool)).Pair("Space", pool.Space);
        html.Element("dt", "Ranges").Begin("dd").Begin("ul", ("class", "plain"));
        foreach (var range in pool.Ranges)
            html.Element("li", PoolText.FullRange(range));
        html.End().End();
        html.Pair("Order", PolicyForm.Word(pool.Policy.Order)).Pair("Affinity", PolicyForm.Word(pool.Policy.Affinity) ?? "").Pair("Cooldown", PoolText.Cooldown(pool));
        html.Pair("Routes", string.Join(", ", pool.Routes.Select(PoolText.Route)));
        html.Pair("Nodes", string.Join(", ", pool.NodeSelector.Nodes)).Pair("Node labels", pool.NodeSelector.LabelText);
        html.Pair("Namespaces", string.Join(", ", pool.Namespaces)).Pair("Networks", string.Join(", ", pool.Networks)).Pair("Pod labels", pool.PodSelector.LabelText);
        html.Pair("Quotas", PoolText.Quotas(pool)).Pair("Taken of quotas", string.Join(", ", quotas.Take(MostQuotas).Select(static quota => $"{quota.Quota.Namespace}: {quota.Text}")));
        html.End();
    }

    private static void WriteFree(HtmlWriter html, PageRequest request, Pool pool, List<AddressRun> free)
    {
        html.Element("h2", "Free runs");
        if (free.Count == 0)
        {
            html.Element("p", "No address is free.");
            return;
        }
        FreeRuns.Write(html, request, pool.Name, "The largest free runs", free);
        html.Begin("p").Anchor(request.To("free", pool.Name), "All free runs in order").End();
    }

    private static void WriteWays(HtmlWriter html, PageRequest request, Pool pool, AddressRange? shown)
    {
        html.Begin("form", ("class", "jump"), HtmlAttribute.Action(request.To("pool", pool.Name).At("map")));
        html.Element("label", "Show the addresses around", ("for", "at"));
        html.Void("input", ("id", "at"), ("name", "at"), ("value", shown?.First.ToString() ?? ""), ("size", "24"));
        html.Element("button", "Show").End();
    }

    private static bool IsSmall(AddressRange subnet) => subnet.Last.Value - subnet.First.Value < AddressTable.Cells;

    /// <summary>The 256 addresses around the one that is asked for; else those of the first small subnet, if there is one.</summary>
    private static AddressRange? WindowAt(Pool pool, string text)
    {
        var subnets = StoreReads.SubnetsOf(pool);
        if (!Address.TryParse(text, out var at) || subnets.FirstOrDefault(subnet => subnet.Contains(at)) is not { First.Family: not 0 } subnet)
            return subnets.Where(IsSmall).Select(static small => (AddressRange?)small).FirstOrDefault();
        var first = at with { Value = at.Value & ~(UInt128)(AddressTable.Cells - 1) };
        var last = first with { Value = first.Value + AddressTable.Cells - 1 };
        return new AddressRange(first < subnet.First ? subnet.First : first, last > subnet.Last ? subnet.Last : last);
    }
}
