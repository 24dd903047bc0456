using Ipam.Core.Stores;

namespace Ipam.Core.Administration;

/// <summary>
/// Watches a node's entry in the registry: who sees it change knows that the node works. Its patience is measured on our own monotonic clock, and no clocks are
/// compared. Members throw <see cref="StoreException"/>. Not thread-safe.
/// </summary>
public sealed class NodeWatch
{
    private readonly INodeRegistry _registry;
    private readonly TimeProvider _time;
    private long _lookedAt;

    private NodeWatch(INodeRegistry registry, TimeProvider time, string node) => (_registry, _time, Node) = (registry, time, node);

    /// <summary>The node's name.</summary>
    public string Node { get; }

    /// <summary>The entry as it was last seen; null if there was none.</summary>
    public NodeEntry? Entry { get; private set; }

    /// <summary>How long an entry stays as it is before the node counts as silent: one renewal may be missed.</summary>
    public TimeSpan Patience => 2.5 * _registry.RenewEvery;

    private TimeSpan LookEvery => _registry.RenewEvery / 4;

    /// <summary>Begins with the entry as it is.</summary>
    public static async Task<NodeWatch> BeginAsync(INodeRegistry registry, TimeProvider time, string node, CancellationToken cancellationToken)
    {
        var watch = new NodeWatch(registry, time, node);
        await watch.HasReportedAsync(cancellationToken);
        return watch;
    }

    /// <summary>Watches for <see cref="Patience"/>, and no longer than until the node reports.</summary>
    /// <returns>Whether it reports.</returns>
    public async Task<bool> ReportsAsync(CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        while (_time.GetElapsedTime(start) < Patience)
        {
            await Task.Delay(LookEvery, _time, cancellationToken);
            if (await HasReportedAsync(cancellationToken))
                return true;
        }
        return false;
    }

    /// <summary>Looks now. An entry that is gone, or that says that ipamd was stopped, is no report.</summary>
    /// <returns>Whether the node has written its entry since the last look.</returns>
    public async Task<bool> HasReportedAsync(CancellationToken cancellationToken)
    {
        var found = await _registry.FindAsync(Node, cancellationToken);
        var reported = found is { HasStopped: false } && found != Entry;
        (Entry, _lookedAt) = (found, _time.GetTimestamp());
        return reported;
    }

    /// <summary>The same, if the last look was so long ago that the entry may have changed; else false, and the store isn't asked.</summary>
    public async Task<bool> HasReportedLatelyAsync(CancellationToken cancellationToken) =>
        _time.GetElapsedTime(_lookedAt) >= LookEvery && await HasReportedAsync(cancellationToken);
}
