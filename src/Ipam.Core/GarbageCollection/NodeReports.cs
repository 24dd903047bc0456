using Ipam.Core.Blocks;
using Ipam.Core.Reconciliation;
using Ipam.Core.Stores;

namespace Ipam.Core.GarbageCollection;

/// <summary>
/// Which nodes' ipamds report. That is judged by seeing their entries in the registry change, on the own monotonic clock; no node's clock is ever asked. A node
/// that has not been watched for long may report. Not thread-safe.
/// </summary>
/// <param name="silence">For how long an entry may stay as it is although its ipamd reports.</param>
/// <param name="goneAfter">After how long without a sign a node counts as gone; null for never.</param>
/// <param name="time">The clock.</param>
internal sealed class NodeReports(TimeSpan silence, TimeSpan? goneAfter, TimeProvider time)
{
    /// <summary>How this source calls itself.</summary>
    public const string Source = "reports of nodes";

    /// <summary>Those with an entry, and those that were asked for since the last look.</summary>
    private Dictionary<string, Sight> _seen = [];
    private readonly HashSet<string> _asked = [];
    private Dictionary<string, NodeEntry> _entries = [];
    private HashSet<string> _registered = [];
    private long _readAt;

    /// <summary>For how long a node may be silent that may still report.</summary>
    public TimeSpan Silence => silence;

    /// <summary>After how long a watch all is said of nodes that give no sign.</summary>
    public TimeSpan LongestWatch => goneAfter > silence ? goneAfter.Value : silence;

    /// <summary>Takes a look at the whole registry.</summary>
    /// <param name="entries">What it has.</param>
    /// <param name="beganAt">When the look began: a timestamp.</param>
    public void Observe(IEnumerable<NodeEntry> entries, long beganAt)
    {
        _entries = entries.ToDictionary(static entry => entry.Node);
        _registered = [.. _entries.Keys];
        _readAt = beganAt;
        var seen = new Dictionary<string, Sight>();
        foreach (var node in _asked.Union(_entries.Keys))
        {
            var entry = _entries.GetValueOrDefault(node);
            var isKnown = _seen.TryGetValue(node, out var before);
            seen[node] = isKnown && before.Entry == entry ? before : new Sight(entry, beganAt, HasChanged: isKnown);
        }
        _seen = seen;
        _asked.Clear();
    }

    /// <summary>The entry of a node as the last look showed it; null if there is none.</summary>
    public NodeEntry? EntryOf(string node) => _entries.GetValueOrDefault(node);

    /// <summary>The nodes that have an entry, as the last look showed them.</summary>
    public IReadOnlySet<string> Registered => _registered;

    /// <summary>
    /// Whether the cluster's node of this UID is the one that the last run of ipamd under its name found itself to be, as the last look showed. So is any where no
    /// run found one.
    /// </summary>
    public bool IsFound(string node, string uid) => EntryOf(node) is not { ClusterUid.Length: > 0 } entry || entry.ClusterUid == uid;

    /// <summary>The entries of nodes of the cluster that give no sign for so long.</summary>
    public IEnumerable<NodeEntry> SilentFor(TimeSpan time) =>
        _entries.Values.Where(entry => entry.ClusterUid.Length > 0 && SilenceOf(entry.Node) >= time).ToArray();

    /// <summary>Whether an ipamd may work under this name.</summary>
    public bool MayReport(string node) => SilenceOf(node) < silence;

    /// <summary>Whether more can be said of a node once it has been watched for longer.</summary>
    public bool IsUnwatched(string node) => MayReport(node) ? !_seen[node].HasChanged : SilenceOf(node) < goneAfter;

    /// <summary>What the last look says, as a reading.</summary>
    public Reading Read(long endedAt) => new(Source, _readAt, endedAt, lease => Of(lease.Node));

    /// <summary>What the last look says of a node.</summary>
    public Evidence Of(string node)
    {
        var silent = SilenceOf(node);
        return silent < silence ? Evidence.Alive($"ipamd of node {node} reports, or was not watched for {silence.TotalSeconds:0} s")
            : silent >= goneAfter ? Evidence.Gone("node_silent", $"ipamd of node {node} has not reported for {goneAfter.Value.TotalSeconds:0} s")
            : Evidence.Unknown;
    }

    private TimeSpan SilenceOf(string node)
    {
        _asked.Add(node);
        if (!_seen.TryGetValue(node, out var seen))
            _seen.Add(node, seen = new Sight(null, _readAt, HasChanged: false));
        return time.GetElapsedTime(seen.Since, _readAt);
    }

    /// <param name="Entry">The entry; null for none.</param>
    /// <param name="Since">Since when it is as it is: a timestamp.</param>
    /// <param name="HasChanged">Whether it was another one before, so that its ipamd reported while it was watched.</param>
    private readonly record struct Sight(NodeEntry? Entry, long Since, bool HasChanged);
}
