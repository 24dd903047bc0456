using Ipam.Core.Administration;
using Ipam.Core.Stores;

namespace Ipam.Web.Reading;

/// <summary>
/// Which nodes report, by seeing their entries in the registry change from one look to a later one; no node's clock is asked. Safe for use by several threads at once.
/// </summary>
internal sealed class NodeWatcher(INodeRegistry registry, TimeProvider time)
{
    private readonly Lock _lock = new();
    private Dictionary<string, Sight> _seen = [];

    /// <summary>Takes a look.</summary>
    public void Observe(IReadOnlyList<NodeStatus> nodes)
    {
        var now = time.GetTimestamp();
        lock (_lock)
        {
            _seen = nodes.ToDictionary(static node => node.Node, node =>
                !_seen.TryGetValue(node.Node, out var before) ? new Sight(node.Entry, now, HasChanged: false)
                : before.Entry == node.Entry ? before
                : new Sight(node.Entry, now, HasChanged: true));
        }
    }

    /// <summary>What the looks say of a node.</summary>
    public WatchedNode StateOf(NodeStatus node)
    {
        lock (_lock)
        {
            if (node.State != NodeState.Registered || !_seen.TryGetValue(node.Node, out var sight))
                return new WatchedNode(node, node.State, TimeSpan.Zero);
            var since = time.GetElapsedTime(sight.Since);
            return new WatchedNode(node, since > registry.Silence ? NodeState.Silent : sight.HasChanged ? NodeState.Reports : NodeState.Registered, since);
        }
    }

    private readonly record struct Sight(NodeEntry? Entry, long Since, bool HasChanged);
}

/// <summary>A node, and whether it reports.</summary>
/// <param name="Status">The node.</param>
/// <param name="State">What is known of it.</param>
/// <param name="Unchanged">For how long its entry has been seen as it is.</param>
internal sealed record WatchedNode(NodeStatus Status, NodeState State, TimeSpan Unchanged);
