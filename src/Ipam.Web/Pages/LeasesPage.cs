using Ipam.Core.Addresses;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.Text;
using Ipam.Web.Html;
using Ipam.Web.Reading;

namespace Ipam.Web.Pages;

/// <summary>Leases by space and address, so many on a page: all, or what a search finds.</summary>
internal sealed class LeasesPage(StoreReads reads)
{
    private const int Most = 100;

    /// <summary>Reads it.</summary>
    public async Task<PageContent?> ReadAsync(PageRequest request, CancellationToken cancellationToken)
    {
        var text = request.Text("q");
        var query = new LeaseQuery(text);
        var summary = await reads.SummaryAsync(cancellationToken);
        var search = new LeaseSearch(reads.Store);
        var found = await FindAsync(search, query, request.Text("after"), cancellationToken);
        var now = reads.Time.GetUtcNow();
        return new PageContent(text.Length == 0 ? "Leases" : $"Leases: {text}", html =>
        {
            WriteOthers(html, request, query, summary, text);
            if (found.Count == 0)
                html.Begin("p").Text(text.Length == 0 ? "No address is held." : "No lease is of an address, a pod, a container, a node or a network of that name.").End();
            else
                WriteLeases(html, request, found, now);
            if (found.Count > Most)
                html.Begin("p").Anchor(request.To("leases").With("q", text.Length == 0 ? null : text).With("after", PlaceOf(found[Most - 1])), "More").End();
            html.Damaged(search.Damaged.Select(static block => block.Why));
        })
        { Part = "Leases", IsLive = true, Search = text };
    }

    private static async Task<List<Lease>> FindAsync(LeaseSearch search, LeaseQuery query, string after, CancellationToken cancellationToken)
    {
        if (query.Addresses is { } one && one.First == one.Last)
            return [.. await search.OfAddressAsync(one.First, null, cancellationToken)];
        var place = after.Split('/') is [var space, var text] && Address.TryParse(text, out var address) ? (space, address) : ((string, Address)?)null;
        var found = new List<Lease>();
        await foreach (var lease in search.ListAsync(new LeaseFilter(), cancellationToken))
        {
            if (!query.Finds(lease) || (place is { } given && !IsBehind(lease, given.Item1, given.Item2)))
                continue;
            found.Add(lease);
            if (found.Count > Most)
                break;
        }
        return found;
    }

    private static string PlaceOf(Lease lease) => $"{lease.Space}/{lease.Address}";

    private static bool IsBehind(Lease lease, string space, Address address) =>
        string.CompareOrdinal(lease.Space, space) is var order && (order > 0 || (order == 0 && lease.Address > address));

    /// <summary>What else has the name: addresses that nobody holds, and pools.</summary>
    private static void WriteOthers(HtmlWriter html, PageRequest request, LeaseQuery query, StoreSummary summary, string text)
    {
        if (text.Length == 0)
            return;
        html.Begin("ul", ("class", "plain"));
        if (query.Addresses is { } addresses && addresses.First == addresses.Last)
        {
            foreach (var space in summary.Catalog.Pools.Select(static pool => pool.Space).Append("default").Distinct())
                html.Begin("li").Anchor(request.ToAddress(space, text), $"Address {text} in space {space}: what it is, and who held it").End();
        }
        foreach (var pool in summary.Pools.Where(status => status.Pool.Name.Contains(text, StringComparison.OrdinalIgnoreCase)))
            html.Begin("li").Anchor(request.To("pool", pool.Pool.Name), $"Pool {pool.Pool.Name}").End();
        html.Begin("li").Anchor(request.To("history").With("q", text), "Who held it, or what it held").End();
        html.End();
    }

    private static void WriteLeases(HtmlWriter html, PageRequest request, List<Lease> leases, DateTimeOffset now)
    {
        html.BeginTable("Leases by space and address", "Address", "Pod", "Container", "Node", "Network", "Interface", "Space", "Age");
        foreach (var lease in leases.Take(Most))
        {
            html.Begin("tr").Begin("th", ("scope", "row")).Anchor(request.ToAddress(lease.Space, lease.Address.ToString()), lease.Address.ToString()).End();
            html.Begin("td");
            if (lease.Pod is { } pod)
                html.Begin("a", HtmlAttribute.Href(request.To("explain").With("pod", pod.ToString()))).Name(pod.ToString()).End();
            html.End().Begin("td").Begin("code").Name(Words.ContainerOf(lease)).End().End();
            html.Begin("td");
            if (lease.Node.Length > 0)
                html.Begin("a", HtmlAttribute.Href(request.ToLeases(lease.Node))).Name(lease.Node).End();
            html.End();
            html.Begin("td").Begin("a", HtmlAttribute.Href(request.ToLeases(lease.Owner.Network))).Name(lease.Owner.Network).End().End();
            html.Begin("td").Name(Words.InterfaceOf(lease)).End().Element("td", lease.Space).Element("td", AgeText.Of(now - lease.AcquiredAt)).End();
        }
        html.EndTable();
    }
}
