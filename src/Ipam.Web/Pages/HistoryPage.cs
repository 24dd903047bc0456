using Ipam.Core.Addresses;
using Ipam.Core.History;
using Ipam.Web.Html;
using Ipam.Web.Reading;

namespace Ipam.Web.Pages;

/// <summary>Who held an address, or what a pod, a node or a container held.</summary>
internal sealed class HistoryPage(StoreReads reads, Histories histories)
{
    /// <summary>Reads it.</summary>
    public async Task<PageContent?> ReadAsync(PageRequest request, CancellationToken cancellationToken)
    {
        var whose = request.Text("q");
        var isAddress = Address.TryParse(whose, out var address);
        var found = whose.Length == 0
            ? null
            : await histories.FindAsync(new HistoryQuestion { Address = isAddress ? address : null, Holder = isAddress ? null : whose }, cancellationToken);
        var now = reads.Time.GetUtcNow();
        return new PageContent(whose.Length == 0 ? "History" : $"History of {whose}", html =>
        {
            html.Begin("form", ("class", "ask"), HtmlAttribute.Action(request.To("history")));
            html.Element("label", "Of an address, a pod, a node or a container", ("for", "whose"));
            html.Void("input", ("id", "whose"), ("name", "q"), ("value", whose), ("size", "32"), HtmlAttribute.Flag("required"));
            html.Element("button", "Show").End();
            if (whose.Length > 0)
                Timeline.Write(html, request, found, now);
        })
        { Part = "History" };
    }
}
