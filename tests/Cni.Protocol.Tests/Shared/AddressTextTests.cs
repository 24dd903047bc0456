using System.Buffers.Binary;
using System.Net;
using IpamSuite.Shared;

namespace Cni.Protocol.Tests;

public class AddressTextTests
{
    // The rules of RFC 5952, section 4, and its examples.
    [Theory]
    [InlineData("2001:0db8:0000:0000:0001:0000:0000:0001", "2001:db8::1:0:0:1")]
    [InlineData("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1")]
    [InlineData("2001:0:0:1:0:0:0:1", "2001:0:0:1::1")]
    [InlineData("2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa")]
    [InlineData("2001:DB8::ABCD", "2001:db8::abcd")]
    [InlineData("0:0:0:0:0:0:0:0", "::")]
    [InlineData("0:0:0:0:0:0:0:1", "::1")]
    [InlineData("1:0:0:0:0:0:0:0", "1::")]
    [InlineData("0:0:1:0:0:0:0:0", "0:0:1::")]
    [InlineData("0:0:0:0:0:1:0:0", "::1:0:0")]
    [InlineData("0:1:0:1:0:1:0:1", "0:1:0:1:0:1:0:1")]
    [InlineData("1:0:0:2:0:0:3:4", "1::2:0:0:3:4")]
    [InlineData("::ffff:10.0.0.1", "::ffff:a00:1")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    public void IPv6_text_is_as_RFC_5952_wants_it(string address, string expected) =>
        Assert.Equal(expected, Format(Value(IPAddress.Parse(address))));

    [Theory]
    [InlineData(0u, "0.0.0.0")]
    [InlineData(0x0a000001u, "10.0.0.1")]
    [InlineData(0xffffffffu, "255.255.255.255")]
    public void IPv4_text_is_dotted(uint value, string expected) => Assert.Equal(expected, AddressText.FormatV4(value));

    [Fact]
    public void Any_address_reads_back_and_no_text_is_longer_than_promised()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var bytes = new byte[16];
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            // Many zero groups, so that runs of all lengths and places occur.
            for (var group = 0; group < 8; group++)
            {
                if (random.Next(2) == 0)
                    bytes.AsSpan(group * 2, 2).Clear();
            }
            var value = BinaryPrimitives.ReadUInt128BigEndian(bytes);
            var text = Format(value);
            Assert.True(Value(IPAddress.Parse(text)) == value && text.Length <= AddressText.MaxLength, $"seed {seed}, step {i}: {text}");
        }
    }

    private static string Format(UInt128 value) => AddressText.FormatV6((ulong)(value >> 64), (ulong)value);

    private static UInt128 Value(IPAddress address) => BinaryPrimitives.ReadUInt128BigEndian(address.GetAddressBytes());
}
