using System.Diagnostics;
using System.Net.Sockets;
using Cni.Protocol;

namespace Ipam.Plugin.Service;

/// <summary>One HTTP round trip over a unix socket, on the calling thread. HttpClient would cost more time than the whole plugin.</summary>
internal static class ServiceClient
{
    /// <summary>No answer of the service is nearly as large.</summary>
    private const int MaxAnswer = 8 << 20;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Sends a call and waits for its answer. Asks again while nobody serves the socket, or who served it broke off, for at most
    /// <paramref name="wait"/>: the service may be restarting. Throws <see cref="ServiceUnreachableException"/>, for what else goes wrong at once, and
    /// after <paramref name="patience"/> in all.
    /// </summary>
    public static ServiceAnswer Post(string socketPath, ReadOnlyMemory<byte> request, TimeSpan patience, TimeSpan wait)
    {
        var start = Stopwatch.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return Post(socketPath, request, start, patience);
            }
            catch (ServiceUnreachableException e) when (e.MayBeRestarting && Stopwatch.GetElapsedTime(start) + pause <= wait)
            {
                Thread.Sleep(pause);
            }
        }
    }

    private static ServiceAnswer Post(string socketPath, ReadOnlyMemory<byte> request, long start, TimeSpan patience)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            var deadline = start + (long)(patience.TotalSeconds * Stopwatch.Frequency);
            socket.SendTimeout = Remaining(deadline);
            socket.Connect(new UnixDomainSocketEndPoint(socketPath));
            socket.Send(request.Span);
            return Receive(socket, deadline);
        }
        catch (SocketException e)
        {
            throw new ServiceUnreachableException(Reason(e.SocketErrorCode, patience)) { MayBeRestarting = MayBeRestarting(e.SocketErrorCode) };
        }
        catch (ArgumentException)
        {
            throw new ServiceUnreachableException("the path is too long for a unix socket (107 bytes)");
        }
    }

    private static ServiceAnswer Receive(Socket socket, long deadline)
    {
        var buffer = new byte[4096];
        var length = 0;
        while (true)
        {
            socket.ReceiveTimeout = Remaining(deadline);
            var received = socket.Receive(buffer.AsSpan(length));
            if (received == 0)
                throw new ServiceUnreachableException("it closed the connection before its answer was complete") { MayBeRestarting = true };
            length += received;
            if (ResponseBytes.TryParse(buffer.AsMemory(0, length), out var answer))
                return answer;
            if (length >= MaxAnswer)
                throw new ServiceUnreachableException($"its answer is larger than {MaxAnswer >> 20} MiB");
            if (length == buffer.Length)
                Array.Resize(ref buffer, 2 * length);
        }
    }

    private static int Remaining(long deadline)
    {
        var left = (deadline - Stopwatch.GetTimestamp()) * 1000 / Stopwatch.Frequency;
        return left > 0 ? (int)left : throw new SocketException((int)SocketError.TimedOut);
    }

    private static bool MayBeRestarting(SocketError error) => error is SocketError.AddressNotAvailable or SocketError.HostNotFound
        or SocketError.ConnectionRefused or SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown;

    private static string Reason(SocketError error, TimeSpan patience) => error switch
    {
        SocketError.AddressNotAvailable or SocketError.HostNotFound => "there is no such socket",
        SocketError.ConnectionRefused => "nobody listens there",
        SocketError.AccessDenied => "permission denied",
        SocketError.ConnectionReset or SocketError.Shutdown => "it broke the connection",
        SocketError.TimedOut or SocketError.WouldBlock => $"no answer within {patience.TotalSeconds} s",
        _ => $"socket error {error}",
    };
}

/// <summary>What the service answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The plugin's output, or the CNI error object.</param>
internal readonly record struct ServiceAnswer(int Status, ReadOnlyMemory<byte> Body)
{
    public bool IsSuccess => Status == 200;

    /// <summary>The addresses of the answer that nobody on the wire needs to be asked for, with commas between them.</summary>
    public string Moved { get; init; } = "";
}

/// <summary>No answer came from the service; the message says why.</summary>
internal sealed class ServiceUnreachableException(string message) : Exception(message)
{
    /// <summary>Whether it would look like this while the service restarts. What it had been asked then, it may or may not have done.</summary>
    public bool MayBeRestarting { get; init; }
}
