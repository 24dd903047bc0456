using Ipam.Core.Administration;
using Ipam.Core.Text;
using Ipam.Web.Html;
using Ipam.Web.Reading;

namespace Ipam.Web.Pages;

/// <summary>The nodes that work on the store, and who leads.</summary>
internal sealed class NodesPage(StoreReads reads)
{
    private const int Most = 500;

    /// <summary>Reads it.</summary>
    public async Task<PageContent?> ReadAsync(PageRequest request, CancellationToken cancellationToken)
    {
        var overview = (await reads.SummaryAsync(cancellationToken)).Overview;
        var nodes = await reads.NodesAsync(cancellationToken);
        var from = request.Text("after");
        var shown = nodes.SkipWhile(node => from.Length > 0 && string.CompareOrdinal(node.Status.Node, from) <= 0).Take(Most + 1).ToList();
        return new PageContent("Nodes", html =>
        {
            WriteLeader(html, overview);
            html.Problems("What is wrong", overview.Problems);
            html.BeginTable("Nodes", "Node", "State", "Host", "Leases", "Blocks");
            foreach (var node in shown.Take(Most))
                Row(html, request, node);
            html.EndTable();
            if (shown.Count > Most)
                html.Begin("p").Anchor(request.To("nodes").With("after", shown[Most - 1].Status.Node), "More").End();
            html.Element("p", "Whether a node reports is seen from its entry changing between two looks at this page; no clock is compared.", ("class", "note"));
        })
        { Part = "Nodes", IsLive = true };
    }

    private static void WriteLeader(HtmlWriter html, StoreOverview overview)
    {
        html.Element("h2", "Leader");
        if (overview.Leader is not { } leader)
        {
            html.Element("p", "Nobody leads. On a store where nothing is done for all nodes, nobody stands for election.");
            return;
        }
        html.Begin("dl", ("class", "pairs")).Element("dt", "Holder").Begin("dd").Name(leader.Holder).End();
        html.Pair("Since, by its clock", TimeText.Of(leader.AcquiredAt)).Pair("Renewed, by its clock", TimeText.Of(leader.RenewedAt)).Pair("Term", AgeText.Of(leader.Term));
        html.Element("dt", "Transitions").Begin("dd").Number(leader.Transitions).End().End();
    }

    private static void Row(HtmlWriter html, PageRequest request, WatchedNode node)
    {
        var status = node.Status;
        html.Begin("tr").Begin("th", ("scope", "row")).Begin("a", HtmlAttribute.Href(request.ToLeases(status.Node))).Name(status.Node).End().End();
        var state = node.State.ToString().ToLowerInvariant();
        html.Element("td", node.State == NodeState.Silent ? $"{state} for {AgeText.Of(node.Unchanged)}" : state, ("class", $"state {state}"));
        html.Begin("td").Name(status.Entry?.Host ?? "").End();
        html.Begin("td", ("class", "number")).Number(status.Leases).End().Begin("td", ("class", "number")).Number(status.Blocks).End().End();
    }
}
