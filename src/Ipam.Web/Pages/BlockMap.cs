using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Web.Reading;

namespace Ipam.Web.Pages;

/// <summary>The blocks of a pool, screen by screen: 256 blocks that follow each other are one. Of a pool that is too large only screens that have a block are shown.</summary>
internal sealed class BlockMap
{
    /// <summary>Blocks in a screen.</summary>
    public const int Cells = 256;

    /// <summary>A pool of more screens has some that nobody would look at.</summary>
    private const int MostScreens = 64;

    private readonly Pool _pool;
    private readonly AddressMask _addresses;
    private readonly Dictionary<BlockId, BlockSummary> _blocks;
    private readonly Dictionary<string, int> _numbers;

    public BlockMap(Pool pool, StoreSummary summary)
    {
        _pool = pool;
        _addresses = PoolAddresses.Of(pool, PoolAddresses.Reserved(summary.Catalog, pool.Space));
        var subnets = StoreReads.SubnetsOf(pool);
        var within = PoolAddresses.OfSubnets(pool);
        _blocks = summary.Blocks[pool.Space].Where(block => within.Of(block.Id) != 0).ToDictionary(static block => block.Id);
        var nodes = _blocks.Values.Select(static block => block.Node).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        (Nodes, _numbers) = (nodes, nodes.Select(static (node, number) => (node, number)).ToDictionary(static pair => pair.node, static pair => pair.number));
        Screens = [.. subnets.SelectMany(ScreensOf).Distinct().OrderBy(static id => id.Family).ThenBy(static id => id.Index)];
    }

    /// <summary>The nodes that own blocks, in order: the place of each tells its colour and its letter.</summary>
    public IReadOnlyList<string> Nodes { get; }

    /// <summary>The first block of each screen, in order.</summary>
    public IReadOnlyList<BlockId> Screens { get; }

    /// <summary>The place of a block's node among <see cref="Nodes"/>; null if no node owns it.</summary>
    public int? NumberOf(BlockFacts block) => block.Stored?.Node is { } node ? _numbers[node] : null;

    /// <summary>How many blocks a node owns here.</summary>
    public int BlocksOf(string node) => _blocks.Values.Count(block => block.Node == node);

    /// <summary>A block.</summary>
    public BlockFacts At(BlockId id) => new(id, _blocks.TryGetValue(id, out var block) ? block : null, _addresses.Of(id));

    private IEnumerable<BlockId> ScreensOf(AddressRange subnet)
    {
        var (first, last) = (BlockId.Of(_pool.Space, subnet.First).Index / Cells, BlockId.Of(_pool.Space, subnet.Last).Index / Cells);
        if (last - first < MostScreens)
        {
            for (var screen = first; screen <= last; screen++)
                yield return ScreenAt(subnet.First.Family, screen);
            yield break;
        }
        foreach (var screen in _blocks.Keys.Where(id => id.Family == subnet.First.Family && subnet.Contains(id.AddressAt(0))).Select(static id => id.Index / Cells).Append(first).Distinct())
            yield return ScreenAt(subnet.First.Family, screen);
    }

    private BlockId ScreenAt(IpFamily family, UInt128 screen) => new(_pool.Space, family, screen * Cells);
}

/// <summary>A block of a pool.</summary>
/// <param name="Id">Which one.</param>
/// <param name="Stored">What the store has of it; null for a block that nobody had an address of yet.</param>
/// <param name="Mask">One bit for each address that the pool hands out.</param>
internal readonly record struct BlockFacts(BlockId Id, BlockSummary? Stored, ulong Mask)
{
    /// <summary>How many addresses the pool hands out from it, held or not.</summary>
    public int Size => System.Numerics.BitOperations.PopCount(Mask);

    /// <summary>How many of all its addresses are held.</summary>
    public int Held => System.Numerics.BitOperations.PopCount(Stored?.Held ?? 0);

    /// <summary>How many of them nobody holds.</summary>
    public int NotHeld => System.Numerics.BitOperations.PopCount(Mask & ~(Stored?.Held ?? 0));
}
