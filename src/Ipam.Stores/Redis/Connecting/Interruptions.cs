using System.Collections.Concurrent;
using System.Net;
using StackExchange.Redis;

namespace Ipam.Stores.Redis.Connecting;

/// <summary>
/// How often the connection to a server was lost, or made again: other data may be behind it. May be used from several threads at once.
/// </summary>
internal sealed class Interruptions
{
    private long _count;
    private bool _wasTried;
    private bool _isAgain;

    /// <summary>How many there were.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Servers are about to be connected to. Not to be called during another try.</summary>
    public void Trying() => (_isAgain, _wasTried) = (_wasTried, true);

    /// <summary>The servers are connected to. Of an earlier try nothing came, or its connection is of no use any more: so this is an interruption but for the first.</summary>
    public void Connected(ConnectionMultiplexer client)
    {
        // The client tells of each vain attempt to connect to a server that it lost.
        var lost = new ConcurrentDictionary<EndPoint, bool>();
        client.ConnectionFailed += (_, failed) =>
        {
            if (failed.EndPoint is { } server && lost.TryAdd(server, true))
                Interlocked.Increment(ref _count);
        };
        client.ConnectionRestored += (_, restored) =>
        {
            if (restored.EndPoint is { } server && lost.TryRemove(server, out bool _))
                Interlocked.Increment(ref _count);
        };
        if (_isAgain)
            Interlocked.Increment(ref _count);
    }
}
