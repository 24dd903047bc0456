using Net.Plugin.Netlink;

namespace Net.Plugin.Tests.Netlink;

public class IpPrefixTests
{
    [Theory]
    [InlineData("10.1.2.3/24", "10.1.2.0/24", "10.1.2.255")]
    [InlineData("10.1.2.3/0", "0.0.0.0/0", "255.255.255.255")]
    [InlineData("10.1.2.3/32", "10.1.2.3/32", "10.1.2.3")]
    [InlineData("10.1.255.3/17", "10.1.128.0/17", "10.1.255.255")]
    [InlineData("10.1.2.3/30", "10.1.2.0/30", "10.1.2.3")]
    [InlineData("2001:db8::5/64", "2001:db8::/64", "2001:db8::ffff:ffff:ffff:ffff")]
    [InlineData("2001:db8::5/127", "2001:db8::4/127", "2001:db8::5")]
    [InlineData("2001:db8::5/0", "::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    public void A_prefix_knows_its_network_and_its_last_address(string prefix, string network, string last)
    {
        var parsed = IpPrefix.Parse(prefix);
        Assert.Equal(network, parsed.Network.ToString());
        Assert.Equal(last, parsed.Last.ToString());
        Assert.Equal(prefix, parsed.ToString());
    }

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("10.1.2.3/33")]
    [InlineData("::/129")]
    [InlineData("10.1.2.3/-1")]
    [InlineData("10.1.2.3/")]
    [InlineData("/24")]
    [InlineData("")]
    public void What_is_no_prefix_is_refused(string text) => Assert.Throws<FormatException>(() => IpPrefix.Parse(text));
}
