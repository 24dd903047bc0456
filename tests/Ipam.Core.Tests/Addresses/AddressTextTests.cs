using System.Net;
using System.Net.Sockets;
using Ipam.Core.Addresses;

namespace Ipam.Core.Tests.Addresses;

public class AddressTextTests
{
    [Theory]
    [InlineData("0:0:0:0:0:0:0:0", "::")]
    [InlineData("0:0:0:0:0:0:0:1", "::1")]
    [InlineData("1:0:0:0:0:0:0:0", "1::")]
    [InlineData("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1")]
    [InlineData("2001:0:0:1:0:0:0:1", "2001:0:0:1::1")]
    [InlineData("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1")]
    [InlineData("0:1:1:1:1:1:1:0", "0:1:1:1:1:1:1:0")]
    [InlineData("0:0:1:1:1:1:0:0", "::1:1:1:1:0:0")]
    [InlineData("2001:DB8::ABCD", "2001:db8::abcd")]
    [InlineData("::5efe:192.0.2.1", "::5efe:c000:201")]
    [InlineData("fe80::5efe:10.1.2.3", "fe80::5efe:a01:203")]
    [InlineData("fe80::200:5efe:10.1.2.3", "fe80::200:5efe:a01:203")]
    [InlineData("::1.2.3.4", "::102:304")]
    [InlineData("64:ff9b::1.2.3.4", "64:ff9b::102:304")]
    public void IPv6_is_written_as_RFC_5952_wants_it(string text, string canonical) =>
        Assert.Equal(canonical, Address.Parse(text).ToString());

    [Fact]
    public void An_IPv4_mapped_value_of_the_IPv6_family_is_written_in_hexadecimal() =>
        Assert.Equal("::ffff:a01:203", new Address(IpFamily.V6, 0xffff_0a01_0203).ToString());

    [Fact]
    public void IPv4_is_written_as_a_dotted_quad() => Assert.Equal("10.0.200.255", new Address(IpFamily.V4, 0x0a00c8ff).ToString());

    [Fact]
    public void The_text_of_any_address_reads_back_as_that_address()
    {
        var random = new Random(2);
        for (var i = 0; i < 50_000; i++)
        {
            var address = RandomAddress(random);
            Assert.Equal(address, Address.Parse(address.ToString()));
        }
    }

    [Fact]
    public void The_text_agrees_with_the_framework_wherever_it_embeds_no_IPv4()
    {
        var random = new Random(3);
        Span<byte> bytes = stackalloc byte[16];
        for (var i = 0; i < 50_000; i++)
        {
            var address = RandomAddress(random);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, address.Value);
            var theirs = address.Family == IpFamily.V4 ? new IPAddress(bytes[12..]) : new IPAddress(bytes);
            if (theirs.AddressFamily == AddressFamily.InterNetwork || !theirs.ToString().Contains('.', StringComparison.Ordinal))
                Assert.Equal(theirs.ToString(), address.ToString());
        }
    }

    [Fact]
    public void Addresses_are_ordered_by_family_then_by_value()
    {
        Address[] ordered = [Address.Parse("0.0.0.0"), Address.Parse("9.0.0.0"), Address.Parse("10.0.0.0"), Address.Parse("::"), Address.Parse("::1")];
        for (var i = 0; i < ordered.Length; i++)
        {
            for (var j = 0; j < ordered.Length; j++)
            {
                Assert.Equal(i.CompareTo(j), Math.Sign(ordered[i].CompareTo(ordered[j])));
                Assert.Equal(i < j, ordered[i] < ordered[j]);
                Assert.Equal(i <= j, ordered[i] <= ordered[j]);
                Assert.Equal(i > j, ordered[i] > ordered[j]);
                Assert.Equal(i >= j, ordered[i] >= ordered[j]);
            }
        }
    }

    /// <summary>Many groups are 0 or 1, so that runs of zeros of all lengths and places come up.</summary>
    private static Address RandomAddress(Random random)
    {
        if (random.Next(4) == 0)
            return new Address(IpFamily.V4, (uint)random.NextInt64(1L << 32));
        UInt128 value = 0;
        for (var group = 0; group < 8; group++)
            value = (value << 16) | (uint)(random.Next(3) switch { 0 => random.Next(0x10000), 1 => 1, _ => 0 });
        // An IPv4-mapped address reads back as IPv4.
        return new Address(IpFamily.V6, value >> 32 == 0xffff ? value + (UInt128.One << 127) : value);
    }
}
