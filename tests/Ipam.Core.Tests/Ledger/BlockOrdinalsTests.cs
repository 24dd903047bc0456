using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Ledger;
using Ipam.Core.Tests.Addresses;

namespace Ipam.Core.Tests.Ledger;

public class BlockOrdinalsTests
{
    private const int Window = 1_000;

    [Fact]
    public void Random_sets_are_numbered_block_by_block()
    {
        foreach (var origin in NaiveSet.Origins(Window))
        {
            var random = new Random(8);
            for (var i = 0; i < 200; i++)
                AssertNumbered(NaiveSet.AtRandom(random, origin, Window), origin);
        }
    }

    [Fact]
    public void All_of_IPv6_is_numbered_like_its_blocks()
    {
        var ordinals = new BlockOrdinals(Set("::/0"));
        Assert.Equal(UInt128.One << 122, ordinals.Count);
        foreach (var block in new UInt128[] { 0, 77, UInt128.One << 100, (UInt128.One << 122) - 1 })
        {
            Assert.True(ordinals.TryGetOrdinal(block, out var ordinal));
            Assert.Equal(block, ordinal);
            Assert.Equal(block, ordinals.BlockAt(block));
            Assert.Equal(block, ordinals.OrdinalAtOrAfter(block));
        }
    }

    [Fact]
    public void A_gigantic_hole_takes_no_ordinals()
    {
        var ordinals = new BlockOrdinals(Set("::/0", "::80-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ff7f"));
        var lastBlock = (UInt128.One << 122) - 1;
        Assert.Equal((UInt128)4, ordinals.Count);
        Assert.Equal([0, 1, lastBlock - 1, lastBlock], Enumerable.Range(0, 4).Select(i => ordinals.BlockAt((uint)i)));
        Assert.Equal((UInt128)2, ordinals.OrdinalAtOrAfter(UInt128.One << 90));
        Assert.False(ordinals.TryGetOrdinal(UInt128.One << 90, out _));
    }

    [Fact]
    public void An_empty_set_has_no_blocks()
    {
        var ordinals = new BlockOrdinals(Set("10.0.0.0/30", "10.0.0.0/24"));
        Assert.Equal(UInt128.Zero, ordinals.Count);
        Assert.Equal(UInt128.Zero, ordinals.OrdinalAtOrAfter(0));
        Assert.False(ordinals.TryGetOrdinal(0, out _));
    }

    private static void AssertNumbered(NaiveSet naive, Address origin)
    {
        var ordinals = new BlockOrdinals(naive.ToIntervalSet());
        var blocks = naive.Addresses.Select(static value => value >> BlockId.SizeBits).Distinct().ToList();
        Assert.Equal((UInt128)(uint)blocks.Count, ordinals.Count);
        for (var i = 0; i < blocks.Count; i++)
            Assert.Equal(blocks[i], ordinals.BlockAt((uint)i));

        var firstBlock = origin.Value >> BlockId.SizeBits;
        for (var block = firstBlock; block < firstBlock + Window / BlockId.Size + 2; block++)
        {
            var number = blocks.IndexOf(block);
            Assert.Equal(number >= 0, ordinals.TryGetOrdinal(block, out var ordinal));
            if (number >= 0)
                Assert.Equal((UInt128)(uint)number, ordinal);
            var atOrAfter = blocks.FindIndex(other => other >= block);
            Assert.Equal((UInt128)(uint)(atOrAfter < 0 ? blocks.Count : atOrAfter), ordinals.OrdinalAtOrAfter(block));
        }
    }

    private static IntervalSet Set(string range, string? excluded = null)
    {
        Assert.True(AddressRange.TryParse(range, out var bounds));
        AddressRange hole = default;
        Assert.True(excluded is null || AddressRange.TryParse(excluded, out hole));
        return IntervalSet.Of(bounds, excluded is null ? [] : [hole]);
    }
}
