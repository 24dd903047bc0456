using Ipam.Core.Addresses;

namespace Ipam.Core.Tests.Addresses;

public class AddressRangeTests
{
    [Theory]
    [InlineData("10.0.0.5", "10.0.0.5")]
    [InlineData("10.0.0.5-10.0.0.9", "10.0.0.5-10.0.0.9")]
    [InlineData("10.0.0.5 - 10.0.0.9", "10.0.0.5-10.0.0.9")]
    [InlineData("10.0.0.5-10.0.0.5", "10.0.0.5")]
    [InlineData("10.0.0.5/30", "10.0.0.4-10.0.0.7")]
    [InlineData("::/127", "::-::1")]
    [InlineData("fd00::1-fd00::f", "fd00::1-fd00::f")]
    public void An_address_a_prefix_and_two_ends_are_ranges(string text, string expected)
    {
        Assert.True(AddressRange.TryParse(text, out var range));
        Assert.Equal(expected, range.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("10.0.0.5-")]
    [InlineData("-10.0.0.5")]
    [InlineData("10.0.0.9-10.0.0.5")]
    [InlineData("10.0.0.5-fd00::1")]
    [InlineData("10.0.0.1-10.0.0.2-10.0.0.3")]
    [InlineData("10.0.0.0/24-10.0.1.0/24")]
    [InlineData("10.0.0.5-9")]
    [InlineData(" 10.0.0.5")]
    public void Anything_else_is_not(string? text) => Assert.False(AddressRange.TryParse(text, out _));

    [Fact]
    public void Ranges_overlap_exactly_when_some_address_is_in_both()
    {
        var small = from first in Enumerable.Range(0, 6) from last in Enumerable.Range(first, 6 - first) select (first, last);
        foreach (var (a, b) in from a in small from b in small select (a, b))
        {
            var common = Enumerable.Range(0, 6).Any(x => x >= a.first && x <= a.last && x >= b.first && x <= b.last);
            Assert.Equal(common, V4(a.first, a.last).Overlaps(V4(b.first, b.last)));
        }
    }

    [Fact]
    public void A_range_contains_its_ends_and_nothing_of_the_other_family()
    {
        var range = V4(5, 7);
        Assert.Equal([5, 6, 7], Enumerable.Range(0, 12).Where(x => range.Contains(new Address(IpFamily.V4, (uint)x))));
        Assert.False(range.Contains(new Address(IpFamily.V6, 6)));
        Assert.False(range.Overlaps(new AddressRange(new Address(IpFamily.V6, 0), new Address(IpFamily.V6, 9))));
    }

    private static AddressRange V4(int first, int last) => new(new Address(IpFamily.V4, (uint)first), new Address(IpFamily.V4, (uint)last));
}
