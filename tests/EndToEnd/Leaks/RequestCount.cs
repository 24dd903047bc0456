using System.Diagnostics;
using EndToEnd.Support.Stores;

namespace EndToEnd.Leaks;

/// <summary>What a store's server is asked from now on: it counts by itself.</summary>
internal sealed class RequestCount(StoreServer server)
{
    private readonly long _since = Stopwatch.GetTimestamp();
    private readonly Dictionary<string, double>? _before = Read(server);

    /// <summary>So much by now, in a sentence.</summary>
    public string Text()
    {
        if (Read(server) is not { } now)
            return "requests: SQLite has no server";
        var counts = now.Select(count => (count.Key, Count: count.Value - _before!.GetValueOrDefault(count.Key))).Where(static count => count.Count > 0).ToArray();
        var list = string.Join(", ", counts.OrderByDescending(static count => count.Count).Select(static count => $"{count.Key} {count.Count:0}"));
        return $"requests in {Stopwatch.GetElapsedTime(_since).TotalSeconds:0} s, with all else that the nodes do: {counts.Sum(static count => count.Count):0} ({list})";
    }

    private static Dictionary<string, double>? Read(StoreServer server) => server.Port is null ? null : OperationCounter.ReadAll(server.Url());
}
