using Net.Plugin.Netlink;
using Net.Plugin.Netlink.Addresses;
using Net.Plugin.Netlink.Links;
using Net.Plugin.Netlink.Routes;
using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Netlink;

public class ReaderTests
{
    private static readonly ushort[] InterestingTypes =
        [RouteMessageType.NewLink, RouteMessageType.NewAddress, RouteMessageType.NewRoute, MessageType.Error, MessageType.Done];

    [Fact]
    public void Messages_of_one_datagram_come_one_after_the_other()
    {
        var reader = new MessageReader([.. Message.Of(1000, MessageFlags.Multi, 5, [1, 2, 3]), .. Message.Of(1001, MessageFlags.None, 6, [])]);

        Assert.True(reader.TryRead(out var first));
        Assert.Equal((1000, MessageFlags.Multi, 5u), (first.Type, first.Flags, first.Sequence));
        Assert.Equal(new byte[] { 1, 2, 3 }, first.Payload.ToArray());
        Assert.True(reader.TryRead(out var second));
        Assert.Equal((1001, 6u, 0), (second.Type, second.Sequence, second.Payload.Length));
        Assert.False(reader.TryRead(out _));
    }

    [Theory]
    [InlineData("00000000", "4 bytes are left of a datagram, a message header has 16")]
    [InlineData("0f000000 00000000 00000000 00000000", "a message claims 15 bytes, 16 are left of the datagram")]
    [InlineData("11000000 00000000 00000000 00000000", "a message claims 17 bytes, 16 are left of the datagram")]
    [InlineData("ffffffff 00000000 00000000 00000000", "a message claims 4294967295 bytes, 16 are left of the datagram")]
    public void A_message_with_an_impossible_length_is_refused(string hex, string expected)
    {
        var error = Assert.Throws<MalformedMessageException>(() => new MessageReader(Bytes.Of(hex)).TryRead(out _));
        Assert.Equal(expected, error.Message);
    }

    [Theory]
    [InlineData("0300 0100 00000000", "an attribute claims 3 bytes, 8 are left of its message")]
    [InlineData("0900 0100 00000000", "an attribute claims 9 bytes, 8 are left of its message")]
    public void An_attribute_with_an_impossible_length_is_refused(string hex, string expected)
    {
        var error = Assert.Throws<MalformedMessageException>(() => new AttributeReader(Bytes.Of(hex)).TryRead(out _));
        Assert.Equal(expected, error.Message);
    }

    [Fact]
    public void An_attribute_that_is_too_short_for_its_value_is_refused()
    {
        var error = Assert.Throws<MalformedMessageException>(() => new NetlinkAttribute(4, [1, 2]).UInt32);
        Assert.Equal("attribute 4 has 2 bytes, 4 are needed", error.Message);
        error = Assert.Throws<MalformedMessageException>(() => new NetlinkAttribute(1, [1, 2, 3, 4, 5]).Address);
        Assert.Equal("attribute 1 should be an address, it has 5 bytes", error.Message);
    }

    [Fact]
    public void The_marks_on_an_attribute_type_are_not_part_of_it()
    {
        var reader = new AttributeReader(Bytes.Of("0400 05c0"));
        Assert.True(reader.TryRead(out var attribute));
        Assert.Equal(5, attribute.Type);
    }

    // Whole parsers over broken input: well-formed messages with random bits changed get far inside, plain noise does not.
    [Fact]
    public void Random_bytes_are_read_or_refused_but_never_overrun()
    {
        const int Seed = 20260;
        var random = new Random(Seed);
        var refused = 0;
        for (var round = 0; round < 200_000; round++)
        {
            var datagram = random.Next(2) == 0 ? Noise(random) : Damaged(random);
            try
            {
                ParseAll(datagram);
            }
            catch (MalformedMessageException)
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {Seed}, round {round}: {e.GetType().Name} on {Convert.ToHexString(datagram)}");
            }
        }
        Assert.InRange(refused, 1_000, 199_000);
    }

    private static byte[] Noise(Random random)
    {
        var payload = new byte[random.Next(64)];
        random.NextBytes(payload);
        return Message.Of(InterestingTypes[random.Next(InterestingTypes.Length)], (MessageFlags)random.Next(0x1000), 1, payload);
    }

    private static byte[] Damaged(Random random)
    {
        INetlinkRequest[] requests =
        [
            new AddressAddition(3, IpPrefix.Parse("2001:db8::1/64"), AddressFlags.NoDuplicateDetection),
            new AddressAddition(3, IpPrefix.Parse("10.1.2.3/24")),
            new RouteAddition(new Route { Destination = IpPrefix.Parse("10.0.0.0/8"), Index = 4, Mtu = 1400, Table = 1000 }),
            new LinkChange { Index = 3, Name = "eth0", Alias = "some alias", Mac = MacAddress.Random(), Mtu = 1400 },
            new LinkList("veth"),
        ];
        var buffer = new byte[256];
        var writer = new NetlinkWriter(buffer);
        requests[random.Next(requests.Length)].Write(ref writer);
        var payload = buffer[..writer.Length];
        for (var changes = random.Next(1, 4); changes > 0; changes--)
            payload[random.Next(payload.Length)] ^= (byte)(1 << random.Next(8));
        return Message.Of(InterestingTypes[random.Next(InterestingTypes.Length)], (MessageFlags)random.Next(0x1000), 1, payload);
    }

    private static void ParseAll(byte[] datagram)
    {
        var reader = new MessageReader(datagram);
        while (reader.TryRead(out var message))
        {
            Link.Parse(message);
            InterfaceAddress.Parse(message);
            Route.Parse(message);
            if (message.Type is MessageType.Error or MessageType.Done)
                Acknowledgement.Parse(message);
        }
    }
}
