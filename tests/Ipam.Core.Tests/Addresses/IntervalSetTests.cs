using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Core.Tests.Addresses;

public class IntervalSetTests
{
    private const int Window = 300;

    [Fact]
    public void Random_sets_hold_what_they_hold_address_by_address()
    {
        foreach (var origin in NaiveSet.Origins(Window))
        {
            var random = new Random(5);
            for (var i = 0; i < 60; i++)
                AssertAgrees(NaiveSet.AtRandom(random, origin, Window), origin);
        }
    }

    [Fact]
    public void Sets_are_equal_exactly_when_their_addresses_are()
    {
        var random = new Random(6);
        var equal = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var origin = new Address(IpFamily.V4, i % 2 == 0 ? 60u : 253);
            var (a, b) = (NaiveSet.AtRandom(random, origin, 6), NaiveSet.AtRandom(random, origin, 6));
            var same = a.Addresses.SequenceEqual(b.Addresses);
            equal += same ? 1 : 0;
            Assert.Equal(same, a.ToIntervalSet().Equals(b.ToIntervalSet()));
            if (same)
                Assert.Equal(a.ToIntervalSet().GetHashCode(), b.ToIntervalSet().GetHashCode());
        }
        Assert.NotEqual(0, equal);
    }

    [Fact]
    public void Sets_of_different_families_differ()
    {
        var v4 = IntervalSet.Of(Range(IpFamily.V4, 1, 9), []);
        Assert.False(v4.Equals(IntervalSet.Of(Range(IpFamily.V6, 1, 9), [])));
        Assert.False(v4.Equals((object?)null));
    }

    [Fact]
    public void Exclusions_of_the_other_family_do_not_matter() =>
        Assert.Equal(IntervalSet.Of(Range(IpFamily.V4, 1, 9), []), IntervalSet.Of(Range(IpFamily.V4, 1, 9), [Range(IpFamily.V6, 2, 3)]));

    [Theory]
    [InlineData("0.0.0.0/0", "4294967296")]
    [InlineData("10.0.0.0/8", "16777216")]
    [InlineData("::/1", "170141183460469231731687303715884105728")]
    [InlineData("::/0", "340282366920938463463374607431768211455")]
    public void The_size_of_a_set_is_its_number_of_addresses_as_far_as_that_can_be_written(string prefix, string size)
    {
        Assert.True(AddressRange.TryParse(prefix, out var range));
        Assert.Equal(UInt128.Parse(size), IntervalSet.Of(range, []).Size);
    }

    [Fact]
    public void Taking_one_address_out_of_all_of_IPv6_leaves_two_intervals()
    {
        var all = new AddressRange(new Address(IpFamily.V6, 0), new Address(IpFamily.V6, UInt128.MaxValue));
        var set = IntervalSet.Of(all, [Range(IpFamily.V6, 5, 5)]);
        Assert.Equal(2, set.Count);
        Assert.Equal(UInt128.MaxValue, set.Size);
        Assert.Equal(~(1UL << 5), set.MaskOf(0));
        Assert.Equal(ulong.MaxValue, set.MaskOf(UInt128.MaxValue >> BlockId.SizeBits));
        Assert.Equal(UInt128.MaxValue, set[1].Last.Value);
    }

    [Theory]
    [InlineData("10.0.0.0/8", "16646144")]
    [InlineData("0.0.0.0/0", "4261412864")]
    [InlineData("10.0.0.255-10.0.1.0", "0")]
    [InlineData("10.0.0.254-10.0.1.1", "2")]
    [InlineData("255.255.255.255", "0")]
    [InlineData("fd00::/64", "18446744073709551616")]
    public void Without_edges_each_slash_24_of_IPv4_has_254_addresses_however_many_there_are(string text, string size)
    {
        Assert.True(AddressRange.TryParse(text, out var range));

        var set = IntervalSet.Of(range, [], skipEdges: true);

        Assert.Equal(UInt128.Parse(size), set.Size);
        Assert.InRange(set.Count, 0, 1);
        Assert.Equal(size == "0", set.IsEmpty);
    }

    [Fact]
    public void A_range_that_is_excluded_altogether_is_empty()
    {
        var set = IntervalSet.Of(Range(IpFamily.V4, 10, 20), [Range(IpFamily.V4, 0, 15), Range(IpFamily.V4, 16, 99)]);
        Assert.True(set.IsEmpty);
        Assert.Equal(UInt128.Zero, set.Size);
        Assert.Equal(0UL, set.MaskOf(0));
        Assert.False(set.Contains(new Address(IpFamily.V4, 12)));
    }

    private static void AssertAgrees(NaiveSet naive, Address origin)
    {
        var set = naive.ToIntervalSet();
        var listed = new List<UInt128>();
        var skipped = set.SkippedIn(new AddressRange(origin, origin with { Value = origin.Value + Window - 1 })).Select(static edge => edge.Value).ToList();
        Assert.Equal(skipped.Distinct().Order(), skipped);
        for (var i = 0; i < set.Count; i++)
        {
            Assert.True(i == 0 || set[i].First.Value > set[i - 1].Last.Value + 1, "intervals overlap or touch");
            for (var value = set[i].First.Value; ; value++)
            {
                if (!skipped.Contains(value))
                    listed.Add(value);
                if (value == set[i].Last.Value)
                    break;
            }
        }
        Assert.Equal(naive.Addresses, listed);
        Assert.Equal((UInt128)(uint)naive.Addresses.Count, set.Size);
        Assert.Equal(naive.Addresses.Count == 0, set.IsEmpty);
        for (var offset = 0; offset < Window; offset++)
        {
            var address = origin with { Value = origin.Value + (uint)offset };
            Assert.Equal(naive.Contains(address.Value), set.Contains(address));
            Assert.False(set.Contains(address with { Family = address.Family == IpFamily.V4 ? IpFamily.V6 : IpFamily.V4 }));
            AssertMaskAgrees(naive, set, address);
        }
    }

    private static void AssertMaskAgrees(NaiveSet naive, IntervalSet set, Address address)
    {
        var bit = (set.MaskOf(address.Value >> BlockId.SizeBits) >> BlockId.OffsetOf(address)) & 1;
        Assert.Equal(naive.Contains(address.Value) ? 1UL : 0, bit);
    }

    private static AddressRange Range(IpFamily family, uint first, uint last) => new(new Address(family, first), new Address(family, last));
}
