namespace Cni.Protocol.Tests;

public class CniAddressTests
{
    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("0.0.0.0", "0.0.0.0")]
    [InlineData("255.255.255.255", "255.255.255.255")]
    [InlineData("::", "::")]
    [InlineData("2001:DB8:0:0:0:0:0:1", "2001:db8::1")]
    [InlineData("::ffff:1.2.3.4", "1.2.3.4")]
    [InlineData("fe80::5efe:1.2.3.4", "fe80::5efe:102:304")]
    [InlineData("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1")]
    public void Addresses_are_read_and_written_in_one_form(string text, string expected) =>
        Assert.Equal(expected, CniAddress.Format(CniAddress.TryParse(text)!));

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("10.1")]
    [InlineData("10.0.0")]
    [InlineData("10.0.0.0.1")]
    [InlineData("10.0.0.")]
    [InlineData(".10.0.0")]
    [InlineData("10.0.0.256")]
    [InlineData("010.0.0.1")]
    [InlineData("0x10.0.0.1")]
    [InlineData("10.0.0.1 ")]
    [InlineData("10.0.0.+1")]
    [InlineData("\u0661.0.0.1")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1]")]
    [InlineData("[::1]:80")]
    [InlineData("::1/64")]
    [InlineData(":::")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("12345::")]
    [InlineData("::ffff:1.2.3")]
    public void Other_texts_are_no_addresses(string text) => Assert.Null(CniAddress.TryParse(text));

    [Theory]
    [InlineData("10.1.2.2/24", "10.1.2.2/24")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("10.1.2.2/32", "10.1.2.2/32")]
    [InlineData("2001:DB8::2/128", "2001:db8::2/128")]
    public void A_prefix_keeps_the_bits_behind_it(string text, string expected)
    {
        Assert.True(CniPrefix.TryParse(text, out var prefix));
        Assert.Equal(expected, prefix.ToString());
    }

    [Theory]
    [InlineData("10.1.2.2")]
    [InlineData("10.1.2.2/")]
    [InlineData("10.1.2.2/33")]
    [InlineData("10.1.2.2/-1")]
    [InlineData("10.1.2.2/ 8")]
    [InlineData("10.1.2.2/8/8")]
    [InlineData("10.1.2.2/255.0.0.0")]
    [InlineData("::/129")]
    [InlineData("::/0000000001")]
    [InlineData("/8")]
    public void Other_texts_are_no_prefixes(string text) => Assert.False(CniPrefix.TryParse(text, out _));

    [Theory]
    [InlineData("::ffff:10.1.0.5/120", "10.1.0.5/24")]
    [InlineData("::ffff:10.1.0.5/128", "10.1.0.5/32")]
    [InlineData("::ffff:10.1.0.5/95", null)]
    [InlineData("::ffff:10.1.0.5/129", null)]
    public void An_IPv4_address_written_with_colons_is_one_with_its_prefix_too(string text, string? expected) =>
        Assert.Equal(expected, CniPrefix.TryParse(text, out var prefix) ? prefix.ToString() : null);
}
