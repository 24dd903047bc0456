using Ipam.Core.Addresses;

namespace Ipam.Core.Tests.Addresses;

public class SparseIndexTests
{
    [Theory]
    [InlineData("0", 300)]
    [InlineData("60", 5_000)]
    [InlineData("262100", 5_000)]
    [InlineData("5316911983139663491615228241121378300", 5_000)]
    public void Random_steps_leave_what_they_leave_member_by_member(string origin, int window)
    {
        var first = UInt128.Parse(origin);
        var random = new Random(7);
        var (index, naive) = (new SparseIndex(), new bool[window]);
        for (var step = 0; step < 4_000; step++)
        {
            // Sparse most of the time, so that words of two levels empty again.
            var (at, add) = (random.Next(window), random.Next(100) < (step % 1_000 < 300 ? 70 : 30));
            naive[at] = add;
            if (add)
                index.Add(first + (uint)at);
            else
                index.Remove(first + (uint)at);

            var start = random.Next(window);
            var expected = Array.FindIndex(naive, start, static member => member);
            Assert.Equal(expected >= 0, index.TryNext(first + (uint)start, out var found));
            if (expected >= 0)
                Assert.Equal(first + (uint)expected, found);
        }
    }

    [Fact]
    public void Nothing_is_a_member_at_first()
    {
        Assert.False(new SparseIndex().TryNext(0, out _));
        Assert.False(new SparseIndex().TryNext(UInt128.MaxValue, out _));
    }

    [Fact]
    public void Members_far_apart_are_found_from_one_another()
    {
        var index = new SparseIndex();
        UInt128[] members = [0, 63, 64, 4_096, 1UL << 32, UInt128.One << 64, UInt128.One << 121];
        foreach (var member in members.Reverse())
            index.Add(member);
        UInt128 from = 0;
        foreach (var member in members)
        {
            Assert.True(index.TryNext(from, out var found));
            Assert.Equal(member, found);
            from = found + 1;
        }
        Assert.False(index.TryNext(from, out _));

        index.Remove(UInt128.One << 64);
        Assert.True(index.TryNext((1UL << 32) + 1, out var last));
        Assert.Equal(UInt128.One << 121, last);
    }
}
