using Ipam.Core.Addresses;

namespace Ipam.Core.Tests.Addresses;

public class PrefixTests
{
    [Theory]
    [InlineData("10.1.2.3/24", "10.1.2.0", "10.1.2.255", true)]
    [InlineData("10.1.2.0/24", "10.1.2.0", "10.1.2.255", false)]
    [InlineData("10.1.2.3/32", "10.1.2.3", "10.1.2.3", false)]
    [InlineData("10.1.2.3/31", "10.1.2.2", "10.1.2.3", true)]
    [InlineData("0.0.0.0/0", "0.0.0.0", "255.255.255.255", false)]
    [InlineData("255.255.255.255/0", "0.0.0.0", "255.255.255.255", true)]
    [InlineData("255.255.255.255/25", "255.255.255.128", "255.255.255.255", true)]
    [InlineData("::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false)]
    [InlineData("fd00::1/64", "fd00::", "fd00::ffff:ffff:ffff:ffff", true)]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/127", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true)]
    [InlineData("::1/128", "::1", "::1", false)]
    public void A_prefix_spans_from_all_host_bits_zero_to_all_host_bits_one(string text, string first, string last, bool hasHostBits)
    {
        var prefix = Prefix.Parse(text);
        Assert.Equal(first, prefix.First.ToString());
        Assert.Equal(last, prefix.Last.ToString());
        Assert.Equal(hasHostBits, prefix.HasHostBits);
        Assert.Equal(text, prefix.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("10.0.0.0")]
    [InlineData("/24")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/+1")]
    [InlineData("10.0.0.0/08")]
    [InlineData("10.0.0.0/ 8")]
    [InlineData("10.0.0.0/8 ")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("10.0.0.0/255.0.0.0")]
    [InlineData("10.0.0/8")]
    [InlineData("::/129")]
    [InlineData("::/1000")]
    [InlineData("::ffff:10.0.0.0/120")]
    public void What_is_not_in_CIDR_notation_is_refused(string? text)
    {
        Assert.False(Prefix.TryParse(text, out _));
        if (text is not null)
            Assert.Throws<FormatException>(() => Prefix.Parse(text));
    }

    [Fact]
    public void A_prefix_contains_exactly_the_addresses_from_its_first_to_its_last()
    {
        var random = new Random(4);
        for (var i = 0; i < 20_000; i++)
        {
            var prefix = new Prefix(new Address(IpFamily.V4, (uint)random.NextInt64(1L << 32)), random.Next(33));
            var address = new Address(IpFamily.V4, prefix.Address.Value ^ (UInt128.One << random.Next(32)));
            Assert.Equal(prefix.First <= address && address <= prefix.Last, prefix.Contains(address));
            Assert.True(prefix.Contains(prefix.First) && prefix.Contains(prefix.Last));
            Assert.False(prefix.Contains(address with { Family = IpFamily.V6 }));
        }
    }
}
