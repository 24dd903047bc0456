using Ipam.Core.Stores;

namespace Ipam.Configuration.Pods;

/// <summary>
/// What the cluster says of namespaces, at most <see cref="MaxAge"/> old: many pods of one namespace may start at once. Those who ask at the same time share a read. Safe for
/// use by several threads at once.
/// </summary>
internal sealed class NamespaceReads(IPodFacts facts, TimeProvider time)
{
    /// <summary>How long after a change of a namespace pods of it may still go by what was before.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(3);

    /// <summary>More namespaces than have pods on one node.</summary>
    private const int Capacity = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (Task<ObjectFacts?> Read, long BegunAt)> _reads = new(StringComparer.Ordinal);

    /// <summary>What is known of a namespace; null if there is none of that name. Throws <see cref="StoreException"/> if it can't be read.</summary>
    public Task<ObjectFacts?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_reads.TryGetValue(name, out var known) && time.GetElapsedTime(known.BegunAt) < MaxAge && known.Read is { IsCompleted: false } or { IsCompletedSuccessfully: true, Result: not null })
                return known.Read.WaitAsync(cancellationToken);
            if (_reads.Count >= Capacity)
                _reads.Clear();
            // Who gives up leaves the read to the others; the client bounds it.
            var read = Task.Run(() => facts.ReadNamespaceAsync(name, CancellationToken.None), CancellationToken.None);
            _reads[name] = (read, time.GetTimestamp());
            return read.WaitAsync(cancellationToken);
        }
    }
}
