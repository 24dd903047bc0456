using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Testing.Servers;

/// <summary>What a <see cref="FaultProxy"/> does with connections.</summary>
public enum FaultMode
{
    /// <summary>Passes everything on.</summary>
    Pass,

    /// <summary>Closes each new connection at once.</summary>
    Refuse,

    /// <summary>Takes connections and data, and passes nothing on in either direction until the mode changes.</summary>
    Hang,
}

/// <summary>A TCP proxy in front of a server on 127.0.0.1, which does what networks do.</summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly int _target;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Socket, Socket> _pairs = new();
    private readonly Task _accepting;
    private volatile TaskCompletionSource _released = Completed();
    private volatile byte[]? _marker;
    private volatile FaultMode _mode;
    private TaskCompletionSource _struck = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A proxy that passes everything on to <paramref name="target"/>, a port of 127.0.0.1.</summary>
    public static FaultProxy Before(int target) => new(target);

    private FaultProxy(int target)
    {
        _target = target;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>How long each piece of data is kept back, in each direction.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>What it does; may be changed at any time.</summary>
    public FaultMode Mode
    {
        get => _mode;
        set
        {
            _mode = value;
            if (value == FaultMode.Hang)
                _released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            else
                _released.TrySetResult();
        }
    }

    /// <summary>Closes all connections.</summary>
    public void Cut()
    {
        foreach (var (client, server) in _pairs)
        {
            client.Dispose();
            server.Dispose();
        }
    }

    /// <summary>
    /// Passes on the next request that holds <paramref name="marker"/>, and closes its connection when the server answers; the answer is
    /// lost. The task completes then.
    /// </summary>
    public Task CutBeforeAnswerTo(string marker)
    {
        _struck = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _marker = Encoding.ASCII.GetBytes(marker);
        return _struck.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        _released.TrySetResult();
        Cut();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The listener was stopped; what it accepted ends below.
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            if (Mode == FaultMode.Refuse)
                return;
            client.NoDelay = true;
            _pairs[client] = server;
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
                var doomed = new TaskCompletionSource<bool>();
                await Task.WhenAny(
                    PumpAsync(client, server, data => Mark(data, doomed)),
                    PumpAsync(server, client, _ => !doomed.Task.IsCompleted || Strike()));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The server is down, or this was cut or stopped meanwhile: its client finds the connection closed.
            }
            finally
            {
                _pairs.TryRemove(client, out _);
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Func<ReadOnlyMemory<byte>, bool> passes)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, SocketFlags.None, _stop.Token) is > 0 and var length)
            {
                await _released.Task;
                if (Delay > TimeSpan.Zero)
                    await Task.Delay(Delay, _stop.Token);
                if (!passes(buffer.AsMemory(0, length)))
                    return;
                for (var sent = 0; sent < length;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, length - sent), SocketFlags.None, _stop.Token);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side is gone; the other one is closed by the caller.
        }
    }

    private bool Mark(ReadOnlyMemory<byte> data, TaskCompletionSource<bool> doomed)
    {
        if (_marker is { } marker && data.Span.IndexOf(marker) >= 0)
        {
            _marker = null;
            doomed.TrySetResult(true);
        }
        return true;
    }

    private bool Strike()
    {
        _struck.TrySetResult();
        return false;
    }

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }
}
