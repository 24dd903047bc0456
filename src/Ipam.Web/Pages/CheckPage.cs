using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.GarbageCollection;
using Ipam.Web.Html;
using Ipam.Web.Reading;

namespace Ipam.Web.Pages;

/// <summary>Leaks, drift, and what is left of nodes that are gone: what <c>ipamctl check</c> finds.</summary>
internal sealed class CheckPage(StoreLook look, TimeProvider time)
{
    private const int Most = 200;

    /// <summary>Reads it; begins a look if the last one is old.</summary>
    public Task<PageContent?> ReadAsync(PageRequest request, CancellationToken cancellationToken)
    {
        var state = look.Ask();
        var now = time.GetUtcNow();
        return Task.FromResult<PageContent?>(new PageContent("Check", html => Write(html, request, state, now))
        {
            Part = "Check",
            AgainAfter = state.IsUnderWay ? 3 : null,
        });
    }

    private static void Write(HtmlWriter html, PageRequest request, LookState state, DateTimeOffset now)
    {
        if (state.IsUnderWay)
            html.Begin("p", ("role", "status"), ("class", "answer")).Text($"A look at the whole store is under way{(state.Waits.Length > 0 ? $": it waits {state.Waits}" : "")}. This page loads itself again.").End();
        if (state.Failure.Length > 0)
            html.Problems("The last look failed", [state.Failure]);
        if (state.Report is not { } report)
            return;
        html.Begin("p").Text("As found at ").Time(report.At, now);
        html.Text($": {Words.Number((UInt128)report.Leases)} leases, {Words.Number((UInt128)report.Findings)} findings. Nothing is mended from here; 'ipamctl gc' and 'ipamctl repair' do that.").End();
        if (!state.LooksForLeaks)
            html.Element("p", "Leaks are not looked for: nothing here can tell that a node is gone, as the store belongs to no cluster. Each node judges its own containers.");
        if (report.InNoPool > 0)
            html.Element("p", $"{Words.Number((UInt128)report.InNoPool)} leases lie in no pool: of configurations with ranges of their own, or of pools that were deleted.");
        html.Problems("Not believed", report.Refusals.Select(static refusal => $"{refusal.Leases} leases that {refusal.Source} show as leaked: {refusal.Why}"));
        WriteLeaks(html, request, report);
        WriteDrift(html, request, report);
        WriteBlocks(html, report);
    }

    private static void WriteLeaks(HtmlWriter html, PageRequest request, CheckReport report)
    {
        html.Element("h2", $"Leaks: {report.Leaks.Count}");
        if (report.Leaks.Count == 0)
            return;
        html.BeginTable("Leases whose owner seems to be gone", "Address", "Pod", "Node", "Source", "Finding");
        foreach (var leak in report.Leaks.Take(Most))
        {
            WriteAddress(html.Begin("tr"), request, leak.Lease);
            html.Begin("td").Name(leak.Lease.Pod?.ToString() ?? "").End().Begin("td").Name(leak.Lease.Node).End().Element("td", leak.Source).Begin("td", ("class", "why")).Name(leak.Finding).End().End();
        }
        html.EndTable();
        Rest(html, report.Leaks.Count);
    }

    private static void WriteDrift(HtmlWriter html, PageRequest request, CheckReport report)
    {
        html.Element("h2", $"Drift: {report.Drift.Count}");
        if (report.Drift.Count == 0)
            return;
        html.BeginTable("What doesn't add up", "Address or block", "Kind", "Owner", "Reason");
        foreach (var drift in report.Drift.Take(Most))
        {
            html.Begin("tr");
            if (drift.Lease is { } lease)
                WriteAddress(html, request, lease);
            else
                html.Element("th", drift.Block?.Prefix.ToString() ?? "", ("scope", "row"));
            html.Element("td", KindOf(drift.Kind)).Begin("td").Name(drift.Lease is { } held ? AddressFacts.NameOf(held) : "").End().Begin("td", ("class", "why")).Name(drift.Reason).End().End();
        }
        html.EndTable();
        Rest(html, report.Drift.Count);
    }

    private static void WriteBlocks(HtmlWriter html, CheckReport report)
    {
        html.Element("h2", $"Blocks of nodes that are gone: {report.BlocksOfGoneNodes.Count}");
        if (report.BlocksOfGoneNodes.Count == 0)
            return;
        html.BeginTable("Blocks of nodes that are gone", "Block", "Space", "Node", "Content");
        foreach (var block in report.BlocksOfGoneNodes.Take(Most))
        {
            html.Begin("tr").Element("th", block.Id.Prefix.ToString(), ("scope", "row")).Element("td", block.Id.Space);
            html.Begin("td").Name(block.Node).End().Element("td", block.IsEmpty ? "empty" : "addresses are held").End();
        }
        html.EndTable();
        Rest(html, report.BlocksOfGoneNodes.Count);
    }

    private static void WriteAddress(HtmlWriter html, PageRequest request, Lease lease) =>
        html.Begin("th", ("scope", "row")).Anchor(request.ToAddress(lease.Space, lease.Address.ToString()), lease.Address.ToString()).End();

    private static void Rest(HtmlWriter html, int count)
    {
        if (count > Most)
            html.Element("p", $"Only {Most} of {count} are shown; 'ipamctl check' shows all.");
    }

    private static string KindOf(DriftKind kind) => kind switch
    {
        DriftKind.DamagedBlock => "damaged block",
        DriftKind.TwoOwners => "two owners",
        DriftKind.OwnerTwice => "owner twice",
        _ => "outside of pools",
    };
}
