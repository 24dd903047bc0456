using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Core.Administration;

/// <summary>
/// The nodes of an open store: those of its registry, and those that leases and blocks name. Memory grows with the nodes alone. Members throw
/// <see cref="StoreException"/>. Not thread-safe.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="time">Measures the wait. Only its monotonic clock counts.</param>
public sealed class NodeSurvey(IIpamStore store, TimeProvider time)
{
    /// <summary>What a renewal may be late by, which waits for the turn of a loop and for the store.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);

    private readonly List<DamagedBlock> _damaged = [];

    /// <summary>How long the entries must be watched before one that doesn't change says anything.</summary>
    public TimeSpan LeastWait { get; } = store.Nodes.RenewEvery + Slack;

    /// <summary>The damaged blocks that were met: their leases are not counted.</summary>
    public IReadOnlyList<DamagedBlock> Damaged => _damaged;

    /// <summary>All nodes, by name.</summary>
    /// <param name="wait">
    /// How long to watch the entries; null not to. If it is shorter than <see cref="LeastWait"/>, an entry that didn't change stays
    /// <see cref="NodeState.Registered"/>.
    /// </param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<IReadOnlyList<NodeStatus>> ListAsync(TimeSpan? wait, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var before = await EntriesAsync(cancellationToken);
        var counts = await CountAsync(cancellationToken);
        if (wait is not { } patience)
            return Rows(counts, before, static entry => entry.HasStopped ? NodeState.Stopped : NodeState.Registered);

        if (patience - time.GetElapsedTime(start) is { Ticks: > 0 } rest)
            await Task.Delay(rest, time, cancellationToken);
        var watched = time.GetElapsedTime(start);
        return Rows(counts, await EntriesAsync(cancellationToken), entry =>
            entry.HasStopped ? NodeState.Stopped
            : before.GetValueOrDefault(entry.Node) != entry ? NodeState.Reports
            : watched >= LeastWait ? NodeState.Silent
            : NodeState.Registered);
    }

    private static List<NodeStatus> Rows(
        Dictionary<string, (long Leases, long Blocks)> counts, Dictionary<string, NodeEntry> entries, Func<NodeEntry, NodeState> stateOf) =>
        [
            .. counts.Keys.Union(entries.Keys).Order(StringComparer.Ordinal).Select(node =>
            {
                var entry = entries.GetValueOrDefault(node);
                var (leases, blocks) = counts.GetValueOrDefault(node);
                return new NodeStatus(node, entry, entry is null ? NodeState.Unregistered : stateOf(entry), leases, blocks);
            }),
        ];

    private async Task<Dictionary<string, NodeEntry>> EntriesAsync(CancellationToken cancellationToken) =>
        (await store.Nodes.ListAsync(cancellationToken)).ToDictionary(static entry => entry.Node, StringComparer.Ordinal);

    private async Task<Dictionary<string, (long Leases, long Blocks)>> CountAsync(CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, (long Leases, long Blocks)>(StringComparer.Ordinal);
        void Count(string node, long leases, long blocks)
        {
            var (l, b) = counts.GetValueOrDefault(node);
            counts[node] = (l + leases, b + blocks);
        }

        await foreach (var page in store.ListBlocksAsync(BlockFilter.All, cancellationToken))
        {
            _damaged.AddRange(page.Damaged);
            foreach (var block in page)
            {
                if (block.Node is { } owner)
                    Count(owner, 0, 1);
                foreach (var lease in block.Leases.Where(static lease => lease.Owner.EndsWithNode))
                    Count(lease.Node, 1, 0);
            }
        }
        return counts;
    }
}
