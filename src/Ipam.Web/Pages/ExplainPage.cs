using System.Globalization;
using System.Net;
using Ipam.Configuration.Explanations;
using Ipam.Web.Html;
using Ipam.Web.Reading;

namespace Ipam.Web.Pages;

/// <summary>
/// Why a pod or a container has its address, or gets none. The configurations of nodes aren't known here, so each pool is shown by itself, with what an ADD from it
/// would get.
/// </summary>
internal sealed class ExplainPage(StoreReads reads)
{
    /// <summary>Reads it.</summary>
    public async Task<PageContent?> ReadAsync(PageRequest request, CancellationToken cancellationToken)
    {
        var (pod, container, node) = (request.Text("pod"), request.Text("container"), request.Text("node"));
        if (pod.Length == 0 && container.Length == 0)
            return Page(request, pod, container, node, static _ => { });
        if (pod.Length > 0 && pod.Split('/') is not [{ Length: > 0 }, { Length: > 0 }])
            return Page(request, pod, container, node, static html => html.Element("p", "A pod is named as NAMESPACE/NAME.", ("class", "answer"))) with { Status = HttpStatusCode.BadRequest };
        var finder = new SubjectFinder(reads.Store);
        var (subject, problem) = await FindAsync(finder, pod, container, node.Length > 0 ? node : null, cancellationToken);
        if (subject is null)
            return Page(request, pod, container, node, html => html.Element("p", problem, ("class", "answer"))) with { Status = HttpStatusCode.NotFound };
        var explainer = new Explainer(reads.Store, subject, null, reads.Time);
        try
        {
            var explanation = await explainer.ExplainAsync([], cancellationToken);
            return Page(request, pod, container, node, html => Write(html, request, explanation, [.. finder.Notes], [.. finder.Damaged.Concat(explainer.Damaged).Select(static block => block.Why)]));
        }
        catch (UnknownNodeException)
        {
            return Page(request, pod, container, node, static html => html.Element("p", "A pool is for certain nodes, and on which node this is isn't known: name it.", ("class", "answer")));
        }
    }

    private static async Task<(Subject? Subject, string Problem)> FindAsync(SubjectFinder finder, string pod, string container, string? node, CancellationToken cancellationToken)
    {
        if (pod.Length > 0)
            return (await finder.PodAsync(pod, node, cancellationToken), "There is no such pod, and it holds no address.");
        var found = await finder.ContainersAsync(container, node, cancellationToken);
        return found switch
        {
            [var only] => (only, ""),
            [] => (null, "No container whose id begins so holds an address."),
            _ => (null, string.Create(CultureInfo.InvariantCulture, $"The ids of {found.Count} containers begin so. Give more of it.")),
        };
    }

    private static PageContent Page(PageRequest request, string pod, string container, string node, Action<HtmlWriter> body) =>
        new(pod.Length > 0 ? $"Pod {pod}" : container.Length > 0 ? $"Container {container}" : "Explain a pod", html =>
        {
            html.Begin("form", ("class", "ask"), HtmlAttribute.Action(request.To("explain")));
            Field(html, "pod", "Pod, as NAMESPACE/NAME", pod);
            Field(html, "container", "or container, as its id begins", container);
            Field(html, "node", "Node, if it isn't known", node);
            html.Element("button", "Explain").End();
            body(html);
        })
        { Part = "Explain" };

    private static void Field(HtmlWriter html, string name, string label, string value)
    {
        html.Begin("span", ("class", "field")).Element("label", label, ("for", name));
        html.Void("input", ("id", name), ("name", name), ("value", value), ("size", "24"));
        html.End();
    }

    private static void Write(HtmlWriter html, PageRequest request, Explanation explanation, IReadOnlyList<string> notes, IReadOnlyList<string> damaged)
    {
        var subject = explanation.Subject;
        html.Begin("dl", ("class", "pairs")).Pair("Node", subject.Node.Length > 0 ? subject.Node : "not known").Pair("Container", subject.Container);
        html.Element("dt", "Holds").Begin("dd");
        foreach (var lease in subject.Held)
            html.Anchor(request.ToAddress(lease.Space, lease.Address.ToString()), lease.Address.ToString()).Text(" of network ").Name(lease.Owner.Network).Text(" ");
        html.Text(subject.Held.Count == 0 ? "nothing" : "").End().End();
        html.Problems("What keeps ipamd from answering", explanation.Problems);
        html.Problems("What couldn't be asked", notes);
        html.Element("p", "Each pool by itself, as if a network configuration named it alone. With the configuration in hand, 'ipamctl explain' on the node says which of them count.");
        html.BeginTable("Pools, and what each would give", "Pool", "Range", "Size", "Held", "Cooling down", "Free", "Next", "Why");
        foreach (var row in explanation.Rows)
        {
            html.Begin("tr").Begin("th", ("scope", "row")).Anchor(request.To("pool", row.Range.Pool ?? ""), row.Range.Pool ?? "").End();
            html.Element("td", row.Range.ToString()).Element("td", Words.Number(row.Standing.Size), ("class", "number"));
            html.Element("td", Words.Number((UInt128)row.Standing.Held), ("class", "number")).Element("td", Words.Number((UInt128)row.Standing.Cooling), ("class", "number"));
            html.Element("td", Words.Number(row.Standing.Free), ("class", "number")).Element("td", row.NextText).Element("td", row.Why, ("class", "why")).End();
        }
        html.EndTable();
        html.Damaged(damaged);
    }
}
