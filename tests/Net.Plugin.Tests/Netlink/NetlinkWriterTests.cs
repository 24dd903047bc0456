using Net.Plugin.Netlink;
using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Netlink;

public class NetlinkWriterTests
{
    [Fact]
    public void A_message_has_length_type_flags_and_sequence_in_host_order_and_attributes_padded_to_four_bytes()
    {
        var buffer = new byte[64];
        buffer.AsSpan().Fill(0xee);
        var writer = new NetlinkWriter(buffer);
        var message = writer.BeginMessage(0x1234, MessageFlags.Request | MessageFlags.Ack, 7);
        writer.Attribute(3, "eth0");
        writer.Attribute(4, 1400u);
        writer.Attribute(5, (byte)9);
        writer.EndMessage(message);

        Assert.Equal(
            Bytes.Of("""
                2c000000 3412 0500 07000000 00000000
                0900 0300 65746830 00 000000
                0800 0400 78050000
                0500 0500 09 000000
                """),
            buffer[..writer.Length]);
    }

    [Fact]
    public void Nested_attributes_carry_the_length_of_what_is_inside_and_the_mark()
    {
        var buffer = new byte[64];
        var writer = new NetlinkWriter(buffer);
        var outer = writer.BeginNested(1);
        var inner = writer.BeginNested(2);
        writer.AttributeBigEndian(3, 0x01020304u);
        writer.EndNested(inner);
        writer.AttributeBigEndian(4, 0x0102030405060708ul);
        writer.EndNested(outer);

        Assert.Equal(
            Bytes.Of("1c00 0180  0c00 0280  0800 0300 01020304  0c00 0400 0102030405060708"),
            buffer[..writer.Length]);
    }

    [Fact]
    public void A_buffer_that_is_too_small_is_refused_and_never_overrun()
    {
        var buffer = new byte[8];
        var error = Assert.Throws<InvalidOperationException>(() => new NetlinkWriter(buffer.AsSpan(0, 7)).Attribute(1, 1u));
        Assert.Equal("a netlink request needs 8 bytes, there is room for 7", error.Message);
        Assert.All(buffer, b => Assert.Equal(0, b));
    }
}
