using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Ledger;
using Ipam.Core.Pools;
using Ipam.Core.Tests.Addresses;

namespace Ipam.Core.Tests.Ledger;

public class RangeViewTests
{
    private const int Window = 300;

    [Theory]
    [InlineData(AllocationOrder.Lowest)]
    [InlineData(AllocationOrder.Next)]
    [InlineData(AllocationOrder.Random)]
    public void Random_takes_and_gives_find_what_a_look_at_every_address_finds(AllocationOrder order)
    {
        foreach (var origin in NaiveSet.Origins(Window))
        {
            var random = new Random(9);
            for (var i = 0; i < 25; i++)
                Play(NaiveSet.AtRandom(random, origin, Window), order, random);
        }
    }

    [Fact]
    public void Blocks_outside_the_range_are_ignored()
    {
        var view = new RangeView(IntervalSet.Of(new AddressRange(V4(100), V4(110)), []));
        view.Observe(0, ulong.MaxValue, BlockOwnership.Foreign);
        view.Observe(7, ulong.MaxValue, BlockOwnership.Foreign);
        Assert.True(view.TryFind(BlockChoice.Any, AllocationOrder.Lowest, new Random(1), static _ => 0, out var address));
        Assert.Equal((UInt128)100, address);
    }

    [Theory]
    [InlineData(AllocationOrder.Lowest)]
    [InlineData(AllocationOrder.Next)]
    [InlineData(AllocationOrder.Random)]
    public void An_empty_range_has_no_address(AllocationOrder order)
    {
        var view = new RangeView(IntervalSet.Of(new AddressRange(V4(9), V4(9)), [new AddressRange(V4(0), V4(99))]));
        Assert.False(view.TryFind(BlockChoice.Any, order, new Random(1), static _ => 0, out _));
    }

    [Fact]
    public void The_random_order_comes_to_every_address()
    {
        var view = new RangeView(IntervalSet.Of(new AddressRange(V4(60), V4(140)), [new AddressRange(V4(70), V4(125))]));
        var random = new Random(10);
        var found = new SortedSet<UInt128>();
        for (var i = 0; i < 2_000; i++)
        {
            Assert.True(view.TryFind(BlockChoice.Any, AllocationOrder.Random, random, static _ => 0, out var address));
            found.Add(address);
        }
        Assert.Equal(10 + 15, found.Count);
    }

    [Theory]
    [InlineData(AllocationOrder.Lowest)]
    [InlineData(AllocationOrder.Next)]
    [InlineData(AllocationOrder.Random)]
    public void Full_blocks_are_passed_over_without_a_look(AllocationOrder order)
    {
        // A /8 with room in the last of its 262,144 blocks.
        var view = new RangeView(IntervalSet.Of(new AddressRange(V4(0), V4((1u << 24) - 1)), []));
        const uint Blocks = 1 << 18;
        for (uint block = 0; block < Blocks - 1; block++)
            view.Observe(block, ulong.MaxValue, BlockOwnership.Foreign);
        view.Cursor = 70;
        var looks = 0;
        Assert.True(view.TryFind(BlockChoice.Any, order, new Random(11), Taken, out var address));
        Assert.Equal((UInt128)(Blocks - 1), address >> BlockId.SizeBits);
        Assert.InRange(looks, 1, 2);

        ulong Taken(UInt128 block)
        {
            looks++;
            return block < Blocks - 1 ? ulong.MaxValue : 0;
        }
    }

    private static void Play(NaiveSet naive, AllocationOrder order, Random random)
    {
        var view = new RangeView(naive.ToIntervalSet());
        var taken = new HashSet<UInt128>();
        for (var step = 0; step < 120; step++)
        {
            // Others take and give addresses too, inside and outside the range.
            var other = naive.Bounds.First.Value & ~(UInt128)63 | (uint)random.Next(256);
            if (random.Next(4) == 0 && (taken.Remove(other) || taken.Add(other)))
                view.Observe(other >> BlockId.SizeBits, Mask(other >> BlockId.SizeBits), BlockOwnership.Foreign);

            var free = naive.Addresses.Where(value => !taken.Contains(value)).ToList();
            var found = view.TryFind(BlockChoice.Any, order, random, Mask, out var address);
            Assert.Equal(free.Count > 0, found);
            if (!found)
                continue;
            if (order == AllocationOrder.Random)
                Assert.Contains(address, free);
            else
                Assert.Equal(order == AllocationOrder.Next && free.Exists(value => value > view.Cursor) ? free.Find(value => value > view.Cursor) : free[0], address);
            taken.Add(address);
            view.Cursor = address;
            view.Observe(address >> BlockId.SizeBits, Mask(address >> BlockId.SizeBits), BlockOwnership.Foreign);
        }

        ulong Mask(UInt128 block) => taken.Where(value => value >> BlockId.SizeBits == block).Aggregate(0UL, static (mask, value) => mask | 1UL << (int)(value & 63));
    }

    private static Address V4(uint value) => new(IpFamily.V4, value);
}
