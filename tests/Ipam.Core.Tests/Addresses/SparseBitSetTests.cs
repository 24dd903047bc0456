using Ipam.Core.Addresses;

namespace Ipam.Core.Tests.Addresses;

public class SparseBitSetTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("64")]
    [InlineData("262100")]
    [InlineData("16777200")]
    [InlineData("5316911983139663491615228241121378300")]
    public void Random_steps_leave_what_they_leave_member_by_member(string origin)
    {
        // Dense enough that summary words of two levels fill and empty again: 64 * 64 members.
        var first = UInt128.Parse(origin);
        const int Window = 5_000;
        var random = new Random(7);
        var (set, naive) = (new SparseBitSet(), new bool[Window]);
        for (var step = 0; step < 400; step++)
        {
            var add = random.Next(100) < (step % 200 < 100 ? 80 : 20);
            var from = random.Next(Window);
            var to = Math.Min(Window, from + random.Next(1, random.Next(2) == 0 ? 3 : 1_500));
            for (var i = from; i < to; i++)
            {
                naive[i] = add;
                if (add)
                    set.Add(first + (uint)i);
                else
                    set.Remove(first + (uint)i);
            }
            for (var i = 0; i < 20; i++)
            {
                var start = random.Next(Window);
                var expected = Array.FindIndex(naive, start, static member => !member);
                Assert.Equal(first + (uint)(expected < 0 ? Window : expected), set.NextAbsent(first + (uint)start));
            }
        }
    }

    [Fact]
    public void Nothing_is_a_member_at_first()
    {
        var set = new SparseBitSet();
        Assert.Equal(UInt128.Zero, set.NextAbsent(0));
        Assert.Equal(UInt128.One << 121, set.NextAbsent(UInt128.One << 121));
    }

    [Fact]
    public void Adding_and_removing_twice_is_like_once()
    {
        var set = new SparseBitSet();
        for (uint i = 0; i < 64 * 64 * 2; i++)
        {
            set.Add(i);
            set.Add(i);
        }
        Assert.Equal((UInt128)(64 * 64 * 2), set.NextAbsent(0));
        set.Remove(4_097);
        set.Remove(4_097);
        Assert.Equal((UInt128)4_097, set.NextAbsent(0));
        set.Add(4_097);
        Assert.Equal((UInt128)(64 * 64 * 2), set.NextAbsent(0));
    }

    [Fact]
    public void Removing_what_is_no_member_changes_nothing()
    {
        var set = new SparseBitSet();
        set.Remove(3);
        set.Add(0);
        set.Remove(1);
        set.Remove(UInt128.One << 100);
        Assert.Equal(UInt128.One, set.NextAbsent(0));
    }

    [Fact]
    public void Clusters_far_apart_do_not_disturb_each_other()
    {
        var set = new SparseBitSet();
        UInt128[] origins = [0, 1UL << 32, UInt128.One << 64, (UInt128.One << 122) - 200];
        foreach (var origin in origins)
        {
            for (uint i = 0; i < 150; i++)
                set.Add(origin + i);
        }
        foreach (var origin in origins)
            Assert.Equal(origin + 150, set.NextAbsent(origin));
        set.Remove(origins[2] + 70);
        Assert.Equal(origins[2] + 70, set.NextAbsent(origins[2]));
        Assert.Equal(origins[3] + 150, set.NextAbsent(origins[3]));
    }
}
