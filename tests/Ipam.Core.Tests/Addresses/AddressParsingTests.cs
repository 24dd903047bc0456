using Ipam.Core.Addresses;

namespace Ipam.Core.Tests.Addresses;

public class AddressParsingTests
{
    [Theory]
    [InlineData("0.0.0.0", 0u)]
    [InlineData("255.255.255.255", uint.MaxValue)]
    [InlineData("10.1.2.3", 0x0a010203u)]
    public void A_dotted_quad_is_an_IPv4_address(string text, uint value) =>
        Assert.Equal(new Address(IpFamily.V4, value), Address.Parse(text));

    [Theory]
    [InlineData("::ffff:10.1.2.3")]
    [InlineData("::FFFF:0a01:203")]
    [InlineData("0:0:0:0:0:ffff:10.1.2.3")]
    public void An_IPv4_mapped_address_counts_as_IPv4(string text) =>
        Assert.Equal(new Address(IpFamily.V4, 0x0a010203), Address.Parse(text));

    [Theory]
    [InlineData("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0")]
    [InlineData("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8")]
    [InlineData("FE80::A", "fe80::a")]
    [InlineData("64:ff9b::1.2.3.4", "64:ff9b::102:304")]
    [InlineData("0000:0000:0000:0000:0000:0000:0000:0001", "::1")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    public void Every_spelling_of_an_IPv6_address_is_read(string text, string canonical) =>
        Assert.Equal(canonical, Address.Parse(text).ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("10.0.0.1 ")]
    [InlineData(" 10.0.0.1")]
    [InlineData("10.0.0.1\n")]
    [InlineData("10.0.0.1/24")]
    [InlineData("10.0.0")]
    [InlineData("10.0.0.0.1")]
    [InlineData("10.0.0.")]
    [InlineData(".10.0.0")]
    [InlineData("10..0.1")]
    [InlineData("10.0.0.256")]
    [InlineData("10.0.0.010")]
    [InlineData("10.0.0.00")]
    [InlineData("10.0.0.0x1")]
    [InlineData("10.0.0.+1")]
    [InlineData("10.0.0.-1")]
    [InlineData("10.0.0.1e0")]
    [InlineData("10.0.0.\u0661")]
    [InlineData("167772161")]
    [InlineData("localhost")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1:::2")]
    [InlineData("1::2::3")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:")]
    [InlineData(":1:2:3:4:5:6:7:8")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4::5:6:7:8")]
    [InlineData("12345::")]
    [InlineData("::00001")]
    [InlineData("::g")]
    [InlineData("::0x1")]
    [InlineData(" ::1")]
    [InlineData("::1 ")]
    [InlineData("::1%1")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1]")]
    [InlineData("::1/128")]
    [InlineData("::\u0661")]
    [InlineData("::1.2.3")]
    [InlineData("::1.2.3.256")]
    [InlineData("::1.2.3.04")]
    [InlineData("::ffff:1.2.3.04")]
    [InlineData("::ffff:01.2.3.4")]
    [InlineData("::ffff:1.2.3.4.5")]
    [InlineData("::1.2.3.4:5")]
    [InlineData("1.2.3.4::")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    public void What_is_no_address_by_the_letter_is_refused(string? text) =>
        Assert.False(Address.TryParse(text, out _));

    [Fact]
    public void Parse_says_what_it_did_not_understand() =>
        Assert.Contains("'10.0.0.999'", Assert.Throws<FormatException>(() => Address.Parse("10.0.0.999")).Message, StringComparison.Ordinal);

    [Fact]
    public void Random_text_is_an_address_exactly_when_RFC_4291_says_so()
    {
        var random = new Random(1);
        var understood = 0;
        for (var i = 0; i < 50_000; i++)
        {
            var text = RandomText(random);
            UInt128? expected = text.Contains(':', StringComparison.Ordinal) ? StrictIpv6.Parse(text) : StrictIpv6.DottedQuad(text);
            var isAddress = Address.TryParse(text, out var address);
            Assert.True(isAddress == expected is not null, $"'{text}' was {(isAddress ? "accepted" : "refused")}");
            if (!isAddress)
                continue;
            understood++;
            Assert.True((address.Family == IpFamily.V4 ? (uint)expected!.Value : expected!.Value) == address.Value, $"'{text}' was read as {address}");
        }
        Assert.InRange(understood, 2_500, 47_500);
    }

    /// <summary>Pieces of addresses put together at random, so that about every fifth is an address and the others nearly are.</summary>
    private static string RandomText(Random random)
    {
        var hex = random.Next(4) > 0;
        var separator = hex ? ':' : '.';
        var pieces = new List<string>();
        for (var i = hex ? random.Next(6, 10) : random.Next(3, 6); i > 0; i--)
        {
            pieces.Add(random.Next(30) switch
            {
                0 => "",
                1 => "0",
                2 => random.Next(400).ToString("D3"),
                3 when hex => "1.2.3." + random.Next(300).ToString(random.Next(5) == 0 ? "D3" : "D"),
                4 => random.Next(0x12000).ToString("x"),
                _ => hex ? random.Next(0x10000).ToString(random.Next(2) == 0 ? "x" : "X4") : random.Next(256).ToString(),
            });
        }
        var text = string.Join(separator, pieces);
        if (hex && random.Next(2) == 0 && text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            text = text.Insert(random.Next(3) == 0 ? 0 : colon, random.Next(4) == 0 ? "::" : ":");
        return random.Next(20) == 0 ? text.Insert(random.Next(text.Length + 1), ":.%g/ [0"[random.Next(8)].ToString()) : text;
    }
}
