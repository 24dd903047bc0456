using System.Globalization;
using Ipam.Core.Addresses;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.History;
using Ipam.Core.Pools;
using Ipam.Web.Html;
using Ipam.Web.Reading;

namespace Ipam.Web.Pages;

/// <summary>An address: what it is and why, its lease, and who held it.</summary>
internal sealed class AddressPage(StoreReads reads, Histories histories)
{
    /// <summary>Reads it.</summary>
    public async Task<PageContent?> ReadAsync(PageRequest request, CancellationToken cancellationToken)
    {
        if (request.Path is not [_, var space, var text] || NameRules.CheckSpace(space) is not null || !Address.TryParse(text, out var address))
            return null;
        var catalog = (await reads.SummaryAsync(cancellationToken)).Catalog;
        var pools = catalog.Pools.Where(pool => pool.Space == space).ToList();
        var facts = (await reads.WindowAsync(space, new AddressRange(address, address), pools, catalog, cancellationToken)).All().Single();
        var stories = await histories.FindAsync(new HistoryQuestion { Space = space, Address = address }, cancellationToken);
        var within = pools.Where(pool => pool.Ranges.Any(range => range.Subnet.Contains(address))).ToList();
        return new PageContent($"Address {address}", html =>
        {
            html.Begin("p", ("class", "answer")).Begin("span", ("class", $"sign s-{MapCells.WordOf(facts.State)}")).Text(MapCells.WordOf(facts.State)).End().Text(" ").Name(facts.Why).Text(".").End();
            WriteFacts(html, request, space, facts, within);
            html.Element("h2", "Who held it");
            Timeline.Write(html, request, stories, facts.Now);
        })
        { Part = "Leases", Search = address.ToString() };
    }

    private static void WriteFacts(HtmlWriter html, PageRequest request, string space, AddressFacts facts, List<Pool> pools)
    {
        var block = BlockId.Of(space, facts.Address);
        html.Begin("dl", ("class", "pairs")).Pair("Space", space);
        html.Element("dt", "Pools").Begin("dd");
        foreach (var pool in pools)
            html.Anchor(request.To("pool", pool.Name).With("at", facts.Address.ToString()).At("map"), pool.Name).Text(" ");
        html.Text(pools.Count == 0 ? "none" : "").End();
        html.Pair("Block", block.Prefix.ToString()).Pair("Node of the block", facts.Node ?? "none");
        if (facts.Lease is { } lease)
            WriteLease(html, request, lease, facts.Now);
        html.End();
    }

    private static void WriteLease(HtmlWriter html, PageRequest request, Lease lease, DateTimeOffset now)
    {
        if (lease.Pod is { } pod)
        {
            html.Element("dt", "Pod").Begin("dd").Begin("a", HtmlAttribute.Href(request.ToLeases(pod.ToString()))).Name(pod.ToString()).End().Text(" ");
            html.Anchor(request.To("explain").With("pod", pod.ToString()), "explain").End();
            html.Pair("Pod UID", pod.Uid);
        }
        html.Element("dt", lease.Owner.IsContainer ? "Container" : "Holder").Begin("dd").Begin("code").Name(lease.Owner.ContainerId).End().End();
        html.Pair("Interface", Words.InterfaceOf(lease)).Pair("Network", lease.Owner.Network);
        if (lease.Node.Length > 0)
            html.Element("dt", "Node").Begin("dd").Begin("a", HtmlAttribute.Href(request.ToLeases(lease.Node))).Name(lease.Node).End().End();
        html.Element("dt", "Since").Begin("dd").Time(lease.AcquiredAt, now);
        html.End();
        if (lease.EndsAt is { } end)
        {
            html.Element("dt", "Ends").Begin("dd").Time(end, now);
            html.End();
        }
        html.Pair("Stays with", lease.Sticky?.Owner.ToString() ?? "").Pair("Namespace path", lease.NetworkNamespace);
        html.Pair("Sequence", lease.Sequence.ToString(CultureInfo.InvariantCulture));
    }
}
