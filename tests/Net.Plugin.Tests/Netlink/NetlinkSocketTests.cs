using Net.Plugin.Interop;
using Net.Plugin.Netlink;
using Net.Plugin.Netlink.Links;
using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Netlink;

public class NetlinkSocketTests
{
    private const ushort ItemType = 100;

    private static readonly LinkQuery Query = new() { Name = "eth0" };

    [Fact]
    public void Several_requests_go_out_in_one_datagram_with_ascending_sequence_numbers()
    {
        var port = new ScriptedPort().Answer([.. Message.Acknowledgement(1), .. Message.Acknowledgement(2)]);
        using var socket = new NetlinkSocket(port);
        socket.Execute(new LinkRemoval { Index = 1 }, new LinkRemoval { Index = 2 });

        var sent = Assert.Single(port.Sent);
        Assert.Equal(
            Bytes.Of("""
                20000000 1100 0500 01000000 00000000  00000000 01000000 00000000 00000000
                20000000 1100 0500 02000000 00000000  00000000 02000000 00000000 00000000
                """),
            sent);
    }

    [Fact]
    public void The_first_refused_request_is_the_one_that_is_reported()
    {
        var port = new ScriptedPort()
            .Answer(Message.Acknowledgement(1))
            .Answer(Message.Acknowledgement(2, (int)Errno.EEXIST))
            .Answer(Message.Acknowledgement(3, (int)Errno.EPERM));
        using var socket = new NetlinkSocket(port);

        var error = Assert.Throws<NetlinkException>(() => socket.Execute(Query, new LinkChange { Name = "eth1", Up = true }, Query));
        Assert.Equal(Errno.EEXIST, error.Errno);
        Assert.Equal("set interface eth1, up: File exists (17)", error.Message);
    }

    [Fact]
    public void The_kernel_s_own_sentence_is_passed_on()
    {
        byte[] payload = [.. BitConverter.GetBytes(-22), .. new byte[16], .. Bytes.Of("0b00 0100 4e6f206c696e6b")];
        var port = new ScriptedPort().Answer(Message.Of(MessageType.Error, (MessageFlags)0x300, 1, payload));
        using var socket = new NetlinkSocket(port);
        var error = Assert.Throws<NetlinkException>(() => socket.Execute(Query));
        Assert.Equal("look up interface eth0: Invalid argument (22): No link", error.Message);
    }

    [Fact]
    public void Answers_to_other_requests_and_from_other_senders_are_ignored()
    {
        var port = new ScriptedPort()
            .Answer(Message.Acknowledgement(99, (int)Errno.EPERM))
            .Answer(Message.Acknowledgement(0, (int)Errno.EPERM))
            .Answer(Message.Acknowledgement(1, (int)Errno.EPERM), sender: 4711)
            .Answer(Message.Acknowledgement(1));
        using var socket = new NetlinkSocket(port);
        Assert.Equal(Errno.None, Assert.Single(socket.Execute(Query)).Errno);
    }

    [Fact]
    public void A_kernel_that_does_not_answer_is_an_error_and_no_hang()
    {
        using var socket = new NetlinkSocket(new ScriptedPort());
        var error = Assert.Throws<NetlinkException>(() => socket.Execute(Query));
        Assert.Equal(Errno.ETIMEDOUT, error.Errno);
        Assert.Contains("the kernel did not answer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_answer_to_a_change_is_an_error_because_nobody_knows_what_happened()
    {
        using var socket = new NetlinkSocket(new ScriptedPort().Fail(Errno.ENOBUFS).Answer(Message.Acknowledgement(1)));
        Assert.Equal(Errno.ENOBUFS, Assert.Throws<NetlinkException>(() => socket.Execute(Query)).Errno);
    }

    [Fact]
    public void An_answer_that_does_not_fit_is_an_error()
    {
        using var socket = new NetlinkSocket(new ScriptedPort().Answer(new byte[33 * 1024]));
        Assert.Equal(Errno.EMSGSIZE, Assert.Throws<NetlinkException>(() => socket.Execute(Query)).Errno);
    }

    [Fact]
    public void A_dump_that_was_interrupted_is_read_again_from_the_start()
    {
        var port = new ScriptedPort()
            .Answer(Item(1, 'a'))
            .Answer(Item(1, 'b', MessageFlags.DumpInterrupted))
            .Answer(Message.Done(1))
            .Answer(Item(2, 'c'))
            .Answer(Message.Done(2));
        using var socket = new NetlinkSocket(port);
        Assert.Equal(["c"], socket.Dump(new LinkList("veth"), Parse));
        Assert.Equal(2, port.Sent.Count);
    }

    [Fact]
    public void A_dump_whose_end_says_that_it_was_interrupted_is_read_again_too()
    {
        var port = new ScriptedPort()
            .Answer([.. Item(1, 'a'), .. Message.Done(1, MessageFlags.Multi | MessageFlags.DumpInterrupted)])
            .Answer([.. Item(2, 'b'), .. Message.Done(2)]);
        using var socket = new NetlinkSocket(port);
        Assert.Equal(["b"], socket.Dump(new LinkList("veth"), Parse));
    }

    [Fact]
    public void A_dump_of_which_a_part_was_lost_is_finished_and_read_again()
    {
        var port = new ScriptedPort()
            .Answer(Item(1, 'a'))
            .Fail(Errno.ENOBUFS)
            .Answer(Message.Done(1))
            .Answer([.. Item(2, 'a'), .. Item(2, 'b'), .. Message.Done(2)]);
        using var socket = new NetlinkSocket(port);
        Assert.Equal(["a", "b"], socket.Dump(new LinkList("veth"), Parse));
    }

    [Fact]
    public void A_dump_that_never_comes_through_whole_is_given_up()
    {
        var port = new ScriptedPort();
        for (var i = 1u; i <= 100; i++)
            port.Answer(Message.Done(i, MessageFlags.DumpInterrupted));
        using var socket = new NetlinkSocket(port);
        var error = Assert.Throws<NetlinkException>(() => socket.Dump(new LinkList("veth"), Parse));
        Assert.Contains("the list changed during each of 50 attempts", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_dump_says_what_was_asked_and_why_it_was_refused()
    {
        using var socket = new NetlinkSocket(new ScriptedPort().Answer(Message.Acknowledgement(1, (int)Errno.EOPNOTSUPP)));
        var error = Assert.Throws<NetlinkException>(() => socket.Dump(new LinkList("veth"), Parse));
        Assert.Equal("list the veth interfaces: Operation not supported (95)", error.Message);
    }

    [Fact]
    public void More_requests_than_the_receive_buffer_has_room_for_answers_go_out_in_turns()
    {
        var port = new ScriptedPort();
        for (var i = 1u; i <= 100; i++)
            port.Answer(Message.Acknowledgement(i));
        using var socket = new NetlinkSocket(port);
        var requests = Enumerable.Range(1, 100).Select(i => (INetlinkRequest)new LinkRemoval { Index = i }).ToArray();
        Assert.Equal(100, socket.Execute(requests).Length);
        Assert.Equal([64 * 32, 36 * 32], port.Sent.Select(datagram => datagram.Length));
    }

    private static string? Parse(NetlinkMessage message) => message.Type == ItemType ? ((char)message.Payload[0]).ToString() : null;

    private static byte[] Item(uint sequence, char name, MessageFlags flags = MessageFlags.None) =>
        Message.Of(ItemType, MessageFlags.Multi | flags, sequence, [(byte)name]);
}
