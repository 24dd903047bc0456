using System.Globalization;
using System.Text;
using Ipam.Core.Blocks;
using Ipam.Stores.Blocks;
using Ipam.Stores.Redis.Keys;
using Ipam.Stores.Redis.Requests;

namespace Ipam.Stores.Redis.Model;

/// <summary>
/// A block without its leases, as a text of seven words: version, the bits held (16 hexadecimal digits), node or *, last sequence, last
/// offset, what cools down (hexadecimal, or -), and the sets that the block is in: * if it belongs to no node, else that node and those
/// that leases were handed out on, divided by commas. Scripts read the first two and the last.
/// </summary>
internal readonly record struct BlockHead(long Version, ulong Held, string? Node, long LastSequence, int LastOffset, IReadOnlyList<CoolingAddress> Cooling)
{
    private const int Words = 7;
    private const int HeldDigits = 16;

    /// <summary>Writes the words behind the version, which the server gives.</summary>
    public static void WriteWithoutVersion(Block block, Request to)
    {
        to.Write(block.Held, "x16");
        to.Write(" "u8);
        WriteNode(block.Node, to);
        to.Write(" "u8);
        to.Write(block.LastSequence);
        to.Write(" "u8);
        to.Write(block.LastOffset);
        to.Write(" "u8);
        if (block.Cooling.Count == 0)
            to.Write("-"u8);
        foreach (var b in CoolingBytes.Of(block.Cooling))
            to.Write(b, "x2");
        to.Write(" "u8);
        WriteSets(block, to);
    }

    /// <summary>Reads all words.</summary>
    /// <exception cref="InvalidDataException">They aren't what was written.</exception>
    public static BlockHead Read(ReadOnlySpan<byte> text)
    {
        Span<Range> words = stackalloc Range[Words + 1];
        // Scripts compare the first two as texts: there is one way to write them.
        if (Split(text, words) != Words
            || text[words[0]].StartsWith("0"u8)
            || text[words[1]].Length != HeldDigits
            || text[words[1]].ContainsAnyInRange((byte)'A', (byte)'F')
            || !long.TryParse(text[words[0]], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            || !ulong.TryParse(text[words[1]], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var held)
            || !long.TryParse(text[words[3]], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var sequence)
            || !int.TryParse(text[words[4]], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var offset))
            throw new InvalidDataException($"'{Encoding.UTF8.GetString(text)}' is no head of a block: {Words} words were expected");
        var cooling = text[words[5]];
        return new BlockHead(
            version, held, SpaceKeys.ReadNode(Encoding.UTF8.GetString(text[words[2]])), sequence, offset,
            cooling.SequenceEqual("-"u8) ? [] : ReadCooling(cooling));
    }

    private static IReadOnlyList<CoolingAddress> ReadCooling(ReadOnlySpan<byte> digits)
    {
        try
        {
            return CoolingBytes.Read(Convert.FromHexString(digits));
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"'{Encoding.UTF8.GetString(digits)}' is no list of cooling addresses: hexadecimal digits were expected", e);
        }
    }

    /// <summary>The head as a summary of a block.</summary>
    public BlockSummary ToSummary(BlockId id) => new(id, Version, Node, Held);

    private static int Split(ReadOnlySpan<byte> text, Span<Range> words)
    {
        var count = 0;
        foreach (var word in text.Split((byte)' '))
        {
            if (count == words.Length)
                break;
            words[count++] = word;
        }
        return count;
    }

    private static void WriteNode(string? node, Request to)
    {
        var text = SpaceKeys.NodeText(node);
        to.Advance(Encoding.ASCII.GetBytes(text, to.GetSpan(text.Length)));
    }

    private static void WriteSets(Block block, Request to)
    {
        WriteNode(block.Node, to);
        if (block.Node is not { } node)
            return;
        List<string>? others = null;
        foreach (var lease in block.Leases)
        {
            if (lease.Node == node || others?.Contains(lease.Node) == true)
                continue;
            (others ??= []).Add(lease.Node);
            to.Write(","u8);
            WriteNode(lease.Node, to);
        }
    }
}
