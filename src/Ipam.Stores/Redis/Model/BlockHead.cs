using System.Globalization;
using Ipam.Core.Blocks;
using Ipam.Stores.Blocks;
using Ipam.Stores.Redis.Keys;

namespace Ipam.Stores.Redis.Model;

/// <summary>
/// A block without its leases, as a text of seven words: version, the bits held (16 hexadecimal digits), node or *, last sequence, last
/// offset, what cools down (hexadecimal, or -), and the sets that the block is in: * if it belongs to no node, else that node and those that
/// leases were handed out on, divided by commas. Scripts read the first two and the last.
/// </summary>
internal readonly record struct BlockHead(long Version, ulong Held, string? Node, long LastSequence, int LastOffset, IReadOnlyList<CoolingAddress> Cooling)
{
    private const int Words = 7;

    /// <summary>The words behind the version, which the server gives.</summary>
    public static string WithoutVersion(Block block) => string.Create(CultureInfo.InvariantCulture,
        $"{block.Held:x16} {NodeText(block.Node)} {block.LastSequence} {block.LastOffset} {CoolingWord(block.Cooling)} {Sets(block)}");

    /// <summary>Reads all words.</summary>
    /// <exception cref="InvalidDataException">They aren't what was written.</exception>
    public static BlockHead Read(string? text)
    {
        var words = (text ?? "").Split(' ');
        if (words.Length != Words
            || !long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            || !ulong.TryParse(words[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var held)
            || !long.TryParse(words[3], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var sequence)
            || !int.TryParse(words[4], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var offset))
            throw new InvalidDataException($"'{text}' is no head of a block: {Words} words were expected");
        var node = words[2] == SpaceKeys.NoNodeName ? null : KeyText.Read(words[2]);
        return new BlockHead(version, held, node, sequence, offset, words[5] == "-" ? [] : CoolingBytes.Read(Convert.FromHexString(words[5])));
    }

    /// <summary>The head as a summary of a block.</summary>
    public BlockSummary ToSummary(BlockId id) => new(id, Version, Node, Held);

    private static string NodeText(string? node) => node is null ? SpaceKeys.NoNodeName : KeyText.Of(node);

    private static string CoolingWord(IReadOnlyList<CoolingAddress> cooling) =>
        cooling.Count == 0 ? "-" : Convert.ToHexStringLower(CoolingBytes.Of(cooling));

    private static string Sets(Block block)
    {
        if (block.Node is not { } node)
            return SpaceKeys.NoNodeName;
        List<string> nodes = [node];
        foreach (var lease in block.Leases)
        {
            if (lease.Node != nodes[^1] && !nodes.Contains(lease.Node))
                nodes.Add(lease.Node);
        }
        return string.Join(',', nodes.Select(KeyText.Of));
    }
}
