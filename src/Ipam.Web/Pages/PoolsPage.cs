using System.Globalization;
using Ipam.Core.Administration;
using Ipam.Core.Pools;
using Ipam.Core.Trends;
using Ipam.Web.Html;
using Ipam.Web.Reading;

namespace Ipam.Web.Pages;

/// <summary>The first page: the pools with their use, and what is wrong.</summary>
internal sealed class PoolsPage(StoreReads reads)
{
    /// <summary>Reads it.</summary>
    public async Task<PageContent?> ReadAsync(PageRequest request, CancellationToken cancellationToken)
    {
        if (request.Path.Count > 0)
            return null;
        var summary = await reads.SummaryAsync(cancellationToken);
        return new PageContent("Pools", html => Write(html, request, summary)) { Part = "Pools", IsLive = true };
    }

    private static void Write(HtmlWriter html, PageRequest request, StoreSummary summary)
    {
        var overview = summary.Overview;
        html.Begin("dl", ("class", "figures"));
        Figure(html, "Held", overview.Held);
        Figure(html, "Pools", overview.Pools);
        Figure(html, "Blocks", overview.Blocks);
        Figure(html, "Nodes", overview.Standing.Nodes.Count);
        html.Begin("div").Element("dt", "Leader").Begin("dd").Name(overview.Leader?.Holder ?? "none").End().End();
        html.End();
        html.Problems("What is wrong", overview.Problems);
        if (summary.Pools.Count == 0)
        {
            html.Begin("p").Text("There are no pools. Addresses come from ranges in network configurations, or nothing is set up yet. ").Anchor(request.To("leases"), "All leases").End();
            return;
        }
        html.BeginTable("Pools, how full they are, and when they will be full", "Pool", "Space", "Ranges", "Used", "Free", "Use", "Full in", "State");
        foreach (var pool in summary.Pools)
            Row(html, request, pool);
        html.EndTable();
    }

    private static void Figure(HtmlWriter html, string title, long number) => html.Begin("div").Element("dt", title).Begin("dd").Number(number).End().End();

    private static void Row(HtmlWriter html, PageRequest request, PoolStatus status)
    {
        var pool = status.Pool;
        html.Begin("tr").Begin("th", ("scope", "row")).Anchor(request.To("pool", pool.Name), pool.Name).End();
        html.Element("td", pool.Space).Element("td", string.Join(", ", PoolText.Ranges(pool)), ("class", "ranges"));
        html.Element("td", ByFamily(status.Usage, static family => (UInt128)family.Used), ("class", "number"));
        html.Element("td", ByFamily(status.Usage, static family => family.Free), ("class", "number"));
        html.Begin("td", ("class", "use"));
        foreach (var (name, family) in status.Usage.Families)
            WriteUse(html, name, family);
        html.End();
        html.Element("td", ForecastText.Brief(status.Forecast), ("title", ForecastText.Full(status.Forecast)));
        html.Element("td", PoolText.State(pool), ("class", $"state {PoolText.State(pool)}")).End();
    }

    /// <summary>How full a family of a pool is: a bar, and beside it the same in numbers.</summary>
    public static void WriteUse(HtmlWriter html, string name, FamilyUsage family)
    {
        var percent = family.Percent;
        html.Begin("span", ("class", "family")).Bar(double.TryParse(percent, CultureInfo.InvariantCulture, out var number) ? number : 0);
        html.Text($" {percent}% ").Element("small", name).End();
    }

    private static string ByFamily(PoolUsage usage, Func<FamilyUsage, UInt128> of) => string.Join(" / ", usage.Families.Select(family => Words.Number(of(family.Usage))));
}
