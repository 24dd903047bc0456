using System.Globalization;
using Ipam.Core.Addresses;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;

namespace Ipam.Cli.Commands.Maps;

/// <summary>
/// Draws a map with characters alone: a line for each block, a cell for each address; a line for a run of blocks that are all alike. Where too many blocks
/// differ, a cell is a block: a digit says how many tenths of it can't be handed out any more.
/// </summary>
internal sealed class MapText(TextWriter output)
{
    private const int CellsInLine = BlockId.Size;
    private const int CellsInGroup = 16;

    /// <summary>More lines than this aren't looked at.</summary>
    private const int MostLines = 64;

    private readonly SortedSet<AddressState> _seen = [];

    /// <summary>Draws a span.</summary>
    public void Write(IEnumerable<AddressRun> runs)
    {
        var lines = Lines(runs).ToList();
        if (lines.Count(static line => line.Cells is not null) <= MostLines)
            lines.ForEach(WriteAddresses);
        else
            WriteBlocks(lines);
    }

    /// <summary>What the characters mean: those that were drawn.</summary>
    public void WriteLegend()
    {
        output.WriteLine();
        foreach (var state in _seen)
            output.WriteLine($"{MapCells.CharacterOf(state)}  {MapCells.TextOf(state)}");
    }

    private void WriteAddresses(MapLine line)
    {
        if (line.Cells is not { } cells)
        {
            output.WriteLine($"{line.Addresses}  {Number(line.Count)} {MapCells.TextOf(line.State)}");
            return;
        }
        foreach (var cell in cells.OfType<AddressState>())
            _seen.Add(cell);
        WriteLine(line.Addresses.First, Array.ConvertAll(cells, static cell => cell is { } state ? MapCells.CharacterOf(state) : ' '));
    }

    private void WriteBlocks(List<MapLine> lines)
    {
        var cells = new List<char>();
        var first = lines[0].Addresses.First;
        foreach (var line in lines)
        {
            if (line.Cells is null && line.Count > CellsInLine * BlockId.Size)
            {
                Flush();
                WriteAddresses(line);
                continue;
            }
            for (var left = line.Cells is null ? (int)(line.Count / BlockId.Size) : 1; left > 0; left--)
            {
                if (cells.Count == 0)
                    first = line.Cells is null ? line.Addresses.Last with { Value = line.Addresses.Last.Value - ((uint)left * BlockId.Size) + 1 } : line.Addresses.First;
                cells.Add(line.Fill);
                if (cells.Count == CellsInLine)
                    Flush();
            }
        }
        Flush();
        output.WriteLine();
        output.WriteLine($"a cell is a block of {BlockId.Size} addresses: . all free, 1 to 9 tenths of it not free, # none free, ! damaged, blank in no range");

        void Flush()
        {
            if (cells.Count > 0)
                WriteLine(first, [.. cells]);
            cells.Clear();
        }
    }

    private void WriteLine(Address first, char[] cells) =>
        output.WriteLine($"{first,-16}  {string.Join(' ', cells.Chunk(CellsInGroup).Select(static group => new string(group)))}".TrimEnd());

    /// <summary>The runs cut at the edges of blocks: whole blocks of a run are one line.</summary>
    private static IEnumerable<MapLine> Lines(IEnumerable<AddressRun> runs)
    {
        AddressState?[]? cells = null;
        Address start = default;
        foreach (var run in runs)
        {
            var (at, last) = (run.Addresses.First.Value, run.Addresses.Last.Value);
            for (var isOver = false; !isOver;)
            {
                var address = run.Addresses.First with { Value = at };
                var offset = BlockId.OffsetOf(address);
                if (cells is null && offset == 0 && last - at >= BlockId.Size - 1)
                {
                    var rest = (last - at) % BlockId.Size;
                    var end = rest == BlockId.Size - 1 ? last : last - rest - 1;
                    yield return new MapLine(new AddressRange(address, address with { Value = end }), run.State, null);
                    (isOver, at) = (end == last, end + 1);
                    continue;
                }
                if (cells is null)
                    (cells, start) = (new AddressState?[BlockId.Size], address with { Value = at - (uint)offset });
                cells[offset] = run.State;
                if (offset == BlockId.Size - 1)
                {
                    yield return new MapLine(new AddressRange(start, address), default, cells);
                    cells = null;
                }
                isOver = at == last;
                at++;
            }
        }
        if (cells is not null)
            yield return new MapLine(new AddressRange(start, start with { Value = start.Value + BlockId.Size - 1 }), default, cells);
    }

    private static string Number(UInt128 number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A block, or blocks that are all alike.</summary>
    /// <param name="Addresses">Their addresses.</param>
    /// <param name="State">What they are, if all are alike.</param>
    /// <param name="Cells">What each address of the block is, null for one that isn't in the span; null for blocks that are all alike.</param>
    private sealed record MapLine(AddressRange Addresses, AddressState State, AddressState?[]? Cells)
    {
        public UInt128 Count => new AddressRun(Addresses, State).Count;

        /// <summary>How full a block is.</summary>
        public char Fill
        {
            get
            {
                var states = (Cells ?? [State]).OfType<AddressState>().Where(static state => state is not (AddressState.Masked or AddressState.Outside)).ToList();
                if (states.Contains(AddressState.Damaged))
                    return MapCells.CharacterOf(AddressState.Damaged);
                var free = states.Count(static state => state == AddressState.Free);
                return states.Count == 0 ? ' ' : free == 0 ? '#' : free == states.Count ? '.' : (char)('0' + Math.Clamp(10 * (states.Count - free) / states.Count, 1, 9));
            }
        }
    }
}
