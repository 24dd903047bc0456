using System.Numerics;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Core.Administration;

/// <summary>The held addresses among some chosen ones. They are counted from blocks' summaries; no lease is read.</summary>
public sealed class HeldAddresses
{
    private const int MostNamed = 10;

    private readonly List<(BlockId Block, ulong Held)> _blocks = [];

    /// <summary>The held addresses that <paramref name="choose"/> selects from each block.</summary>
    public HeldAddresses(IEnumerable<BlockSummary> blocks, Func<BlockSummary, ulong> choose)
    {
        foreach (var block in blocks)
        {
            if (choose(block) is not 0 and var held)
                _blocks.Add((block.Id, held));
        }
        _blocks.Sort(static (a, b) => a.Block.AddressAt(0).CompareTo(b.Block.AddressAt(0)));
    }

    /// <summary>How many there are.</summary>
    public long Count => _blocks.Sum(static block => (long)BitOperations.PopCount(block.Held));

    /// <summary>The blocks that they are in, by address.</summary>
    public IReadOnlyList<BlockId> Blocks => [.. _blocks.Select(static block => block.Block)];

    /// <summary>The addresses as text, in order. After the first few, the text says only how many more there are.</summary>
    public override string ToString()
    {
        var named = string.Join(", ", All().Take(MostNamed));
        return Count <= MostNamed ? named : $"{named} and {Count - MostNamed} more";
    }

    /// <summary>All of them, in order.</summary>
    public IEnumerable<Address> All()
    {
        foreach (var (block, held) in _blocks)
        {
            for (var left = held; left != 0; left &= left - 1)
                yield return block.AddressAt(BitOperations.TrailingZeroCount(left));
        }
    }
}
