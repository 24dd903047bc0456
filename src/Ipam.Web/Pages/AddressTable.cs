using System.Globalization;
using Ipam.Core.Addresses;
using Ipam.Core.Administration;
using Ipam.Web.Html;
using Ipam.Web.Reading;

namespace Ipam.Web.Pages;

/// <summary>Writes up to 256 addresses: a cell for each, which says who has it and why nobody gets it.</summary>
internal static class AddressTable
{
    /// <summary>Addresses in a table.</summary>
    public const int Cells = 256;

    private const int CellsInRow = 16;

    /// <summary>Writes it, and what its signs mean.</summary>
    public static void Write(HtmlWriter html, PageRequest request, string space, IReadOnlyList<AddressFacts> facts)
    {
        var caption = $"Addresses {facts[0].Address} to {facts[^1].Address}";
        html.Begin("div", ("class", "scroll"), ("role", "region"), ("tabindex", "0"), ("aria-label", caption));
        html.Begin("table", ("class", "map addresses")).Element("caption", caption).Begin("tbody");
        foreach (var row in facts.GroupBy(static one => one.Address.Value / CellsInRow))
        {
            var first = row.First();
            html.Begin("tr").Element("th", (first.Address with { Value = row.Key * CellsInRow }).ToString(), ("scope", "row"));
            for (var skipped = (int)(first.Address.Value % CellsInRow); skipped > 0; skipped--)
                html.Begin("td").End();
            foreach (var one in row)
                WriteCell(html, request, space, one);
            html.End();
        }
        html.End().End().End();
        html.Begin("ul", ("class", "legend"), ("aria-label", "Signs of the map"));
        foreach (var state in facts.Select(static one => one.State).Distinct().Order())
        {
            html.Begin("li").Begin("span", ("class", $"sign s-{MapCells.WordOf(state)}")).Text(SignOf(state)).End();
            html.Text($" {MapCells.TextOf(state)}: {facts.Count(one => one.State == state)}").End();
        }
        html.End();
    }

    private static void WriteCell(HtmlWriter html, PageRequest request, string space, AddressFacts one)
    {
        html.Begin("td", ("class", $"s-{MapCells.WordOf(one.State)}"));
        html.Begin("a", HtmlAttribute.Href(request.ToAddress(space, one.Address.ToString())), ("aria-label", $"{one.Address}: {one.Why}"));
        html.Text(ShortOf(one.Address)).Element("b", SignOf(one.State)).End().End();
    }

    /// <summary>The last part of an address: a row says the others.</summary>
    private static string ShortOf(Address address) => address.Family == IpFamily.V4
        ? ((byte)address.Lower).ToString(CultureInfo.InvariantCulture)
        : ((byte)address.Lower).ToString("x2", CultureInfo.InvariantCulture);

    private static string SignOf(AddressState state) => MapCells.CharacterOf(state) is ' ' ? "-" : MapCells.CharacterOf(state).ToString();
}
