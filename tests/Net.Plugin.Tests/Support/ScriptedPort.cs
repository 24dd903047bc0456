using Net.Plugin.Interop;
using Net.Plugin.Netlink;

namespace Net.Plugin.Tests.Support;

/// <summary>A kernel that answers what the test says, to see how the socket takes it.</summary>
internal sealed class ScriptedPort : IDatagramPort
{
    private readonly Queue<(Errno Errno, byte[] Datagram, uint Sender)> _answers = [];

    public List<byte[]> Sent { get; } = [];

    public ScriptedPort Answer(byte[] datagram, uint sender = 0)
    {
        _answers.Enqueue((Errno.None, datagram, sender));
        return this;
    }

    public ScriptedPort Fail(Errno errno)
    {
        _answers.Enqueue((errno, [], 0));
        return this;
    }

    public Errno Send(ReadOnlySpan<byte> datagram)
    {
        Sent.Add(datagram.ToArray());
        return Errno.None;
    }

    public Errno Receive(Span<byte> buffer, out int length, out uint sender)
    {
        if (!_answers.TryDequeue(out var answer))
            answer = (Errno.EAGAIN, [], 0);
        sender = answer.Sender;
        length = answer.Datagram.Length;
        answer.Datagram.AsSpan(0, Math.Min(length, buffer.Length)).CopyTo(buffer);
        return answer.Errno;
    }

    public void Dispose() => _answers.Clear();
}
