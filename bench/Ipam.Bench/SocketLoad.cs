using System.Diagnostics;

namespace Ipam.Bench;

/// <summary>
/// Many calls through ipamd's socket, each on one of some connections that stay open. All from one thread, so that the load leaves the
/// machine to ipamd.
/// </summary>
internal static class SocketLoad
{
    /// <summary>ADDs containers <c>PREFIX0</c> to <c>PREFIX(count-1)</c>; returns the time it took.</summary>
    public static TimeSpan Add(string socketPath, string configurationPath, string prefix, int count, int connections) =>
        Run("add", [socketPath], configurationPath, prefix, count, connections);

    /// <summary>DELs what <see cref="Add"/> added.</summary>
    public static TimeSpan Del(string socketPath, string configurationPath, string prefix, int count, int connections) =>
        Run("del", [socketPath], configurationPath, prefix, count, connections);

    /// <summary>ADDs and DELs until ipamd's code is as fast as after some time of service.</summary>
    public static void WarmUp(string socketPath, string configurationPath)
    {
        for (var round = 0; round < 4; round++)
        {
            Add(socketPath, configurationPath, "warm", 8_000, 64);
            Del(socketPath, configurationPath, "warm", 8_000, 64);
        }
        // A plugin's call comes on a connection of its own.
        var body = File.ReadAllBytes(configurationPath);
        for (var call = 0; call < 6_000; call++)
        {
            using var connection = new LoadConnection(socketPath, body);
            connection.Send(call % 2 == 0 ? "add" : "del", $"warm{call / 2}");
            while (!connection.Receive())
            {
            }
        }
    }

    /// <summary>Calls on several nodes: the n-th container is on node n modulo their number, and the connections are spread over them.</summary>
    /// <param name="samples">Gets how long each call took; null if nobody wants to know.</param>
    public static TimeSpan Run(
        string verb, string[] socketPaths, string configurationPath, string prefix, int count, int connections, Samples? samples = null)
    {
        var body = File.ReadAllBytes(configurationPath);
        using var epoll = new Epoll();
        var nodes = socketPaths.Length;
        var all = new LoadConnection[Math.Min(connections, count)];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = new LoadConnection(socketPaths[i % nodes], body);
            epoll.Watch(all[i].Socket, i);
        }

        var start = Stopwatch.GetTimestamp();
        var sent = new long[all.Length];
        // Of each node, the next container.
        var next = Enumerable.Range(0, nodes).ToArray();
        for (var i = 0; i < all.Length; i++)
            SendNext(i);
        var readable = new int[all.Length];
        for (var done = 0; done < count;)
        {
            foreach (var number in readable.AsSpan(0, epoll.Wait(readable)))
            {
                if (!all[number].Receive())
                    continue;
                samples?.Add(Stopwatch.GetElapsedTime(sent[number]));
                done++;
                SendNext(number);
            }
        }
        var elapsed = Stopwatch.GetElapsedTime(start);
        foreach (var connection in all)
            connection.Dispose();
        return elapsed;

        void SendNext(int number)
        {
            var node = number % nodes;
            sent[number] = Stopwatch.GetTimestamp();
            if (next[node] < count)
                all[number].Send(verb, $"{prefix}{next[node]}");
            next[node] += nodes;
        }
    }
}
