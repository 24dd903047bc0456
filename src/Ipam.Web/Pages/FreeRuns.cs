using Ipam.Core.Addresses;
using Ipam.Core.Administration;
using Ipam.Web.Html;

namespace Ipam.Web.Pages;

/// <summary>Runs of free addresses as a table.</summary>
internal static class FreeRuns
{
    /// <summary>Writes a table of some.</summary>
    public static void Write(HtmlWriter html, PageRequest request, string pool, string caption, IEnumerable<AddressRun> runs)
    {
        html.BeginTable(caption, "First", "Last", "Addresses", "Largest network in it");
        foreach (var run in runs)
        {
            var (first, last) = (run.Addresses.First, run.Addresses.Last);
            html.Begin("tr").Begin("th", ("scope", "row")).Anchor(request.To("pool", pool).With("at", first.ToString()).At("map"), first.ToString()).End();
            html.Element("td", last.ToString()).Element("td", Words.Number(run.Count), ("class", "number")).Element("td", LargestIn(run.Addresses).ToString()).End();
        }
        html.EndTable();
    }

    /// <summary>The largest network that lies in a run.</summary>
    public static Prefix LargestIn(AddressRange run)
    {
        for (var length = 0; length < run.First.Bits; length++)
        {
            var hosts = run.First.Bits - length == 128 ? UInt128.MaxValue : (UInt128.One << (run.First.Bits - length)) - 1;
            // The first address at or behind the run's that such a network can begin with.
            if (run.First.Value > UInt128.MaxValue - hosts)
                continue;
            var begin = (run.First.Value + hosts) & ~hosts;
            if (begin <= run.Last.Value && run.Last.Value - begin >= hosts)
                return new Prefix(run.First with { Value = begin }, length);
        }
        return new Prefix(run.First, run.First.Bits);
    }
}
