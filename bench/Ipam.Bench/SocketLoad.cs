using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Ipam.Bench;

/// <summary>Many ADDs through ipamd's socket, each on one of some connections that stay open.</summary>
internal static class SocketLoad
{
    /// <summary>ADDs containers <c>PREFIX0</c> to <c>PREFIX(count-1)</c>; returns the time it took.</summary>
    public static TimeSpan Add(string socketPath, string configurationPath, string prefix, int count, int connections)
    {
        var body = File.ReadAllBytes(configurationPath);
        var next = -1;
        var start = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, connections).Select(_ => new Thread(() => Worker(socketPath, body, () =>
        {
            var number = Interlocked.Increment(ref next);
            return number < count ? $"{prefix}{number}" : null;
        }))).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        return Stopwatch.GetElapsedTime(start);
    }

    private static void Worker(string socketPath, byte[] body, Func<string?> nextContainer)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(socketPath));
        var buffer = new byte[8192];
        while (nextContainer() is { } container)
        {
            var head = Encoding.ASCII.GetBytes(
                $"POST /cni/add HTTP/1.1\r\nHost: x\r\nCNI_CONTAINERID: {container}\r\nCNI_IFNAME: eth0\r\nCNI_NETNS: /var/run/netns/bench\r\nContent-Length: {body.Length}\r\n\r\n");
            socket.Send([new ArraySegment<byte>(head), new ArraySegment<byte>(body)]);
            Receive(socket, buffer, container);
        }
    }

    private static void Receive(Socket socket, byte[] buffer, string container)
    {
        var length = 0;
        while (true)
        {
            var received = socket.Receive(buffer, length, buffer.Length - length, SocketFlags.None);
            if (received == 0)
                throw new InvalidOperationException("ipamd closed the connection");
            length += received;
            var text = buffer.AsSpan(0, length);
            var end = text.IndexOf("\r\n\r\n"u8);
            if (end < 0)
                continue;
            if (!text.StartsWith("HTTP/1.1 200"u8))
                throw new InvalidOperationException($"ADD {container}: {Encoding.UTF8.GetString(text)}");
            var at = text.IndexOf("Content-Length: "u8) + 16;
            System.Buffers.Text.Utf8Parser.TryParse(text[at..], out int bodyLength, out _);
            if (length >= end + 4 + bodyLength)
                return;
        }
    }
}
