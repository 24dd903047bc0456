using System.Globalization;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Web.Html;

namespace Ipam.Web.Pages;

/// <summary>Writes the map of a large pool: a cell is a block, coloured by its node and filled as far as it is held; it says both in words as well.</summary>
internal static class BlockTables
{
    private const int CellsInRow = 16;
    private const int ScreensOnPage = 4;
    private const int Colours = 12;
    private const int Fills = 8;

    /// <summary>Writes it.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="map">The blocks.</param>
    /// <param name="shown">The addresses that are shown closely; null for none.</param>
    /// <param name="from">The address with which the first screen begins; empty for the first.</param>
    public static void Write(HtmlWriter html, PageRequest request, BlockMap map, AddressRange? shown, string from)
    {
        // Beside addresses that are shown closely there is room for one.
        var onPage = shown is null || from.Length > 0 ? ScreensOnPage : 1;
        var start = StartOf(map, shown, from, onPage);
        html.Begin("p").Text($"A cell is a block of {BlockId.Size} addresses: the letter is its node, the number says how many of its addresses are held. It leads to its addresses.").End();
        foreach (var screen in map.Screens.Skip(start).Take(onPage))
            WriteScreen(html, map, screen, shown);
        html.Begin("p", ("class", "pages"));
        if (start > 0)
            html.Anchor(PageAt(request, map, Math.Max(0, start - ScreensOnPage)), "Earlier blocks").Text(" ");
        if (start + onPage < map.Screens.Count)
            html.Anchor(PageAt(request, map, start + onPage), "Later blocks");
        html.End();
        WriteLegend(html, request, map);
    }

    private static int StartOf(BlockMap map, AddressRange? shown, string from, int onPage)
    {
        Address? place = Address.TryParse(from, out var given) ? given : shown?.First;
        var index = place is { } address
            ? map.Screens.Select(static (screen, number) => (screen, number)).LastOrDefault(pair => pair.screen.Family == address.Family && pair.screen.AddressAt(0) <= address).number
            : 0;
        return index - (index % onPage);
    }

    private static Link PageAt(PageRequest request, BlockMap map, int screen) =>
        request.To("pool", request.Path[1]).With("from", map.Screens[screen].AddressAt(0).ToString()).At("map");

    private static void WriteScreen(HtmlWriter html, BlockMap map, BlockId first, AddressRange? shown)
    {
        var name = new Prefix(first.AddressAt(0), first.Prefix.Length - 8).ToString();
        html.Begin("div", ("class", "scroll"), ("role", "region"), ("tabindex", "0"), ("aria-label", $"Blocks of {name}"));
        html.Begin("table", ("class", "map blocks")).Element("caption", $"Blocks of {name}").Begin("tbody");
        var rows = Enumerable.Range(0, BlockMap.Cells / CellsInRow).Select(row => RowOf(map, new BlockId(first.Space, first.Family, first.Index + (uint)(row * CellsInRow)))).ToList();
        for (var row = 0; row < rows.Count;)
        {
            var untouched = rows.Skip(row).TakeWhile(IsUntouched).Count();
            if (untouched > 0)
                WriteUntouched(html, rows[row][0].Id, rows[row + untouched - 1][^1].Id);
            else if (!rows[row].TrueForAll(static block => block is { Mask: 0, Stored: null }))
                WriteRow(html, map, rows[row], shown);
            row += Math.Max(1, untouched);
        }
        html.End().End().End();
    }

    private static List<BlockFacts> RowOf(BlockMap map, BlockId first) =>
        [.. Enumerable.Range(0, CellsInRow).Select(i => map.At(new BlockId(first.Space, first.Family, first.Index + (uint)i)))];

    private static bool IsUntouched(List<BlockFacts> row) => row.TrueForAll(static block => block is { Mask: ulong.MaxValue, Stored: null });

    /// <summary>Rows of which nobody had an address yet are one.</summary>
    private static void WriteUntouched(HtmlWriter html, BlockId first, BlockId last)
    {
        var start = first.AddressAt(0).ToString();
        html.Begin("tr").Element("th", start, ("scope", "row")).Begin("td", ("colspan", "16"), ("class", "untouched"));
        html.Anchor(Link.Here("at", start).At("map"), $"all free, to {last.AddressAt(BlockId.Size - 1)}").End().End();
    }

    private static void WriteRow(HtmlWriter html, BlockMap map, List<BlockFacts> blocks, AddressRange? shown)
    {
        html.Begin("tr").Element("th", blocks[0].Id.AddressAt(0).ToString(), ("scope", "row"));
        foreach (var block in blocks)
            WriteCell(html, map, block, shown);
        html.End();
    }

    private static void WriteCell(HtmlWriter html, BlockMap map, BlockFacts block, AddressRange? shown)
    {
        if (block is { Mask: 0, Stored: null })
        {
            html.Begin("td").End();
            return;
        }
        var start = block.Id.AddressAt(0);
        var node = map.NumberOf(block);
        var isShown = shown is { } range && range.Contains(start);
        html.Begin("td", ("class", $"{(block.Stored is null ? "free" : node is { } number ? $"n{number % Colours}" : "shared")} f{Fills * block.Held / BlockId.Size}{(isShown ? " shown" : "")}"));
        html.Element(
            "a", string.Create(CultureInfo.InvariantCulture, $"{(node is { } letter ? LetterOf(letter) : "")}{block.Held}"),
            HtmlAttribute.Href(Link.Here("at", start.ToString()).At("map")), ("aria-label", Describe(block)));
        html.End();
    }

    private static string Describe(BlockFacts block) =>
        string.Create(CultureInfo.InvariantCulture, $"{block.Id.Prefix}: {(block.Stored is null ? "nobody's yet" : block.Stored?.Node ?? "no node")}, {block.Held} held, {block.NotHeld} not");

    private static void WriteLegend(HtmlWriter html, PageRequest request, BlockMap map)
    {
        if (map.Nodes.Count == 0)
            return;
        html.BeginTable("Nodes of these blocks", "Letter", "Node", "Blocks");
        for (var i = 0; i < map.Nodes.Count; i++)
        {
            html.Begin("tr").Begin("td", ("class", $"key n{i % Colours}")).Text(LetterOf(i)).End();
            html.Begin("th", ("scope", "row")).Begin("a", HtmlAttribute.Href(request.ToLeases(map.Nodes[i]))).Name(map.Nodes[i]).End().End();
            html.Begin("td", ("class", "number")).Number(map.BlocksOf(map.Nodes[i])).End().End();
        }
        html.EndTable();
    }

    /// <summary>A to Z, and from then on AA, AB and so on.</summary>
    private static string LetterOf(int number) => number < 26 ? ((char)('A' + number)).ToString() : LetterOf((number / 26) - 1) + LetterOf(number % 26);
}
