using Net.Plugin.Netlink.Links;

namespace Net.Plugin.Tests.Netlink;

public class MacAddressTests
{
    [Theory]
    [InlineData("02:00:5e:10:00:ff")]
    [InlineData("02-00-5E-10-00-FF")]
    public void Both_usual_notations_are_read(string text)
    {
        Assert.True(MacAddress.TryParse(text, out var address));
        Assert.Equal("02:00:5e:10:00:ff", address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("02:00:5e:10:00")]
    [InlineData("02:00:5e:10:00:ff:01")]
    [InlineData("02:00:5e:10-00:ff")]
    [InlineData("02:00:5e:10:00:fg")]
    [InlineData("0200.5e10.00ff...")]
    [InlineData("+2:00:5e:10:00:ff")]
    public void Anything_else_is_refused(string text) => Assert.False(MacAddress.TryParse(text, out _));

    [Fact]
    public void Random_addresses_are_unicast_locally_administered_and_different()
    {
        var addresses = Enumerable.Range(0, 1000).Select(_ => MacAddress.Random()).ToHashSet();
        Assert.Equal(1000, addresses.Count);
        Assert.All(addresses, address => Assert.Contains(address.ToString()[1], "26ae"));
    }
}
