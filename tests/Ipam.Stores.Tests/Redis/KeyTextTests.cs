using System.Text;
using Ipam.Core.Addresses;
using Ipam.Stores.Redis.Keys;
using Ipam.Stores.Redis.Requests;

namespace Ipam.Stores.Tests.Redis;

/// <summary>Names and addresses as parts of keys.</summary>
public sealed class KeyTextTests
{
    [Theory]
    [InlineData("default", "default")]
    [InlineData("", "%")]
    [InlineData("%", "%25")]
    [InlineData("*", "%2A")]
    [InlineData("-", "-")]
    [InlineData("a{b}c:d/e,f g", "a%7Bb%7Dc%3Ad%2Fe%2Cf%20g")]
    [InlineData("ü", "%C3%BC")]
    [InlineData("🦊\0", "%F0%9F%A6%8A%00")]
    public void A_text_is_encoded_and_read_again(string text, string encoded)
    {
        Assert.Equal(encoded, KeyText.Of(text));
        Assert.Equal(text, KeyText.Read(encoded));
    }

    [Fact]
    public void All_keys_of_a_space_have_one_tag_whatever_its_name()
    {
        foreach (var space in new[] { "", "a", "}", "{x}", "}{" })
        {
            var keys = new SpaceKeys(space);
            var all = new[] { keys.Revision, keys.Heads, keys.Leases, keys.Owners, keys.Index, keys.Node(null), keys.Node("}{"), keys.Node("") };
            Assert.Single(all.Select(key => Tag($"{key}")).Distinct());
            Assert.Equal(all.Length, all.Distinct().Count());
        }

        static string Tag(string key) => key[(key.IndexOf('{', StringComparison.Ordinal) + 1)..key.IndexOf('}', StringComparison.Ordinal)];
    }

    [Theory]
    [InlineData("0.0.0.0", "400000000")]
    [InlineData("255.255.255.255", "4ffffffff")]
    [InlineData("fd00::1", "6fd000000000000000000000000000001")]
    public void An_address_is_encoded_and_read_again(string address, string key)
    {
        using var request = Request.Without("", "PING");
        AddressKey.Write(Address.Parse(address), request);
        request.End();

        Assert.Equal(key, (string?)request.Arguments.Span[0].Value);
        Assert.Equal(Address.Parse(address), AddressKey.Read(Encoding.UTF8.GetBytes(key)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("4")]
    [InlineData("5" + "0a000001")]
    [InlineData("40a00001")]
    [InlineData("40a00000g")]
    [InlineData("4+a000001")]
    [InlineData("600000000")]
    public void Other_texts_are_no_addresses(string key) => Assert.Throws<InvalidDataException>(() => AddressKey.Read(Encoding.UTF8.GetBytes(key)));
}
