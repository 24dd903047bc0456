using System.Buffers.Text;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Ipam.Bench;

/// <summary>A connection to ipamd that sends one call after the other.</summary>
internal sealed class LoadConnection : IDisposable
{
    private readonly byte[] _body;
    private readonly byte[] _request;
    private readonly byte[] _answer = new byte[8192];
    private int _received;
    private string _verb = "";
    private string _container = "";

    public LoadConnection(string socketPath, byte[] body)
    {
        _body = body;
        _request = new byte[body.Length + 512];
        Socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        Socket.Connect(new UnixDomainSocketEndPoint(socketPath));
    }

    public Socket Socket { get; }

    /// <summary>Whether an answer other than 200 is as good as any.</summary>
    public bool MayFail { get; init; }

    /// <summary>Sends one call, waits for its answer, and returns how long that took.</summary>
    public TimeSpan Call(string verb, string container)
    {
        var start = Stopwatch.GetTimestamp();
        Send(verb, container);
        while (!Receive())
        {
        }
        return Stopwatch.GetElapsedTime(start);
    }

    public void Send(string verb, string container)
    {
        (_verb, _container) = (verb, container);
        _received = 0;
        var head = Encoding.ASCII.GetBytes(
            $"POST /cni/{verb} HTTP/1.1\r\nHost: x\r\nCNI_CONTAINERID: {container}\r\nCNI_IFNAME: eth0\r\nCNI_NETNS: /var/run/netns/bench\r\nContent-Length: {_body.Length}\r\n\r\n",
            _request);
        _body.CopyTo(_request, head);
        Socket.Send(_request.AsSpan(0, head + _body.Length));
    }

    /// <summary>Reads what is there; true once the answer is whole. Throws unless it is 200.</summary>
    public bool Receive()
    {
        var received = Socket.Receive(_answer.AsSpan(_received));
        if (received == 0)
            throw new InvalidOperationException("ipamd closed the connection");
        _received += received;
        var text = _answer.AsSpan(0, _received);
        var end = text.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        if (!MayFail && !text.StartsWith("HTTP/1.1 200"u8))
            throw new InvalidOperationException($"{_verb} {_container}: {Encoding.UTF8.GetString(text)}");
        var at = text.IndexOf("Content-Length: "u8) + 16;
        Utf8Parser.TryParse(text[at..], out int bodyLength, out _);
        return _received >= end + 4 + bodyLength;
    }

    public void Dispose() => Socket.Dispose();
}
