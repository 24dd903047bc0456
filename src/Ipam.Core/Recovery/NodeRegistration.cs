using Ipam.Core.Stores;

namespace Ipam.Core.Recovery;

/// <summary>
/// This node's entry in the registry of a store, and what it knows of the others. Whether another run lives is judged by its renewals,
/// seen on our own clock. Clocks of machines are never compared.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="options">Who this is.</param>
/// <param name="time">The clock.</param>
internal sealed class NodeRegistration(IIpamStore store, StoreGuardOptions options, TimeProvider time)
{
    /// <summary>How often the whole registry is read, to know who would have to assert leases after a loss.</summary>
    private static readonly TimeSpan ListEvery = TimeSpan.FromMinutes(10);

    private const int MostNamed = 5;

    private readonly string _run = Guid.NewGuid().ToString("n");
    private string _clusterUid = "";
    private NodeEntry? _entry;
    private NodeEntry? _other;
    private Dictionary<string, Seen> _listed = [];
    private HashSet<string> _peers = [];
    private Dictionary<string, NodeEntry> _earlier = [];
    private string _earlierIn = "";
    private long _renewedAt;
    private long _listedAt;
    private int _listings;

    /// <summary>How often the store's past is to be read. A node's own entry, which is written more often, shows most losses already.</summary>
    public TimeSpan CheckEvery { get; } = store.Nodes.RenewEvery < INodeRegistry.Seldom ? store.Nodes.RenewEvery : 10 * store.Nodes.RenewEvery;

    /// <summary>Whether it is time to look who else there is.</summary>
    public bool MustList => time.GetElapsedTime(_listedAt) >= _listings switch
    {
        < 2 => 2 * store.Nodes.RenewEvery,
        2 => store.Nodes.Silence,
        _ => ListEvery,
    };

    /// <summary>Registers the node. If another machine is registered under its name, waits until that is silent, or takes over.</summary>
    /// <param name="identity">The identity of the past in which the node has asserted its leases.</param>
    /// <param name="takingOver">Called if another machine may have had the name since this one had it.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="StoreException">The other machine is alive.</exception>
    public async Task StartAsync(string identity, Action takingOver, CancellationToken cancellationToken)
    {
        await FindInClusterAsync(cancellationToken);
        var since = time.GetTimestamp();
        NodeEntry? first = null;
        var hasTakenOver = false;
        while (true)
        {
            var found = await CallAsync(token => store.Nodes.FindAsync(options.Node, token), cancellationToken);
            var isOurs = found?.Instance == options.Instance;
            var mayTake = found is null || isOurs || options.TakesOver
                || (found == first && time.GetElapsedTime(since) >= store.Nodes.Silence);
            if (mayTake)
            {
                // Also where nobody is registered: another machine may have had the name, and left.
                if (!isOurs && store.IsSharedByNodes)
                    takingOver();
                hasTakenOver = found is not null && !isOurs && options.TakesOver;
                var entry = new NodeEntry(options.Node, options.Instance, _run, options.Host, identity, 0) { ClusterUid = _clusterUid, HistoryAt = options.HistoryAt };
                if (await PutAsync(entry, found?.Run, cancellationToken))
                    break;
                continue;
            }
            if (first is not null && found != first)
            {
                _other = found;
                throw new StoreException(DescribeOther()) { IsPermanent = true };
            }
            first = found;
            await Task.Delay(store.Nodes.RenewEvery / 4, time, cancellationToken);
        }
        // The other machine notices at its next renewal, and until then it goes on.
        if (hasTakenOver)
            await Task.Delay(store.Nodes.RenewEvery * 1.5, time, cancellationToken);
        await ListEntriesAsync(cancellationToken);
    }

    /// <summary>Renews the entry if it is time to, and says how it stands.</summary>
    /// <param name="identity">The identity of the past in which the node has asserted its leases.</param>
    /// <param name="step">How far the node has come in it.</param>
    /// <param name="isMending">Whether the store lost data, so that the entry of an earlier run may have come back.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<NodeStanding> RenewAsync(string identity, RecoveryStep step, bool isMending, CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(_renewedAt) < store.Nodes.RenewEvery && _entry?.Identity == identity && _entry.Step == step)
            return NodeStanding.Ours;
        var entry = _entry! with { Identity = identity, Step = step, Renewals = _entry.Renewals + 1, ClusterUid = _clusterUid };
        if (await PutAsync(entry, _run, cancellationToken))
            return NodeStanding.Ours;
        _other = await CallAsync(token => store.Nodes.FindAsync(options.Node, token), cancellationToken);
        if (_other is not null && _other.Run != _run && !isMending)
            return NodeStanding.TakenOver;
        await PutAsync(entry, _other?.Run, cancellationToken);
        return NodeStanding.Gone;
    }

    /// <summary>Who has not yet come to a step in the past of this identity, for a message; null if nobody is missing.</summary>
    /// <param name="identity">The identity.</param>
    /// <param name="step">The step.</param>
    /// <param name="waited">How long this node has waited.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<string?> DescribeMissingAsync(string identity, RecoveryStep step, TimeSpan waited, CancellationToken cancellationToken)
    {
        await RenewAsync(identity, step, isMending: true, cancellationToken);
        var entries = await ReadAsync(cancellationToken);
        LearnWhoLives(entries, identity);
        var missing = _peers.Where(peer => peer != options.Node && !HasCome(entries.GetValueOrDefault(peer), identity, step)).Order(StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
        {
            var named = string.Join(", ", missing.Take(MostNamed));
            return $"waiting for {(missing.Count == 1 ? "node" : $"{missing.Count} nodes:")} {named}{(missing.Count > MostNamed ? ", ..." : "")} to assert leases";
        }
        if (!store.IsSharedByNodes)
            return null;
        // Those that came since the registry was read last notice the loss at their next renewal.
        var patience = 2 * store.Nodes.RenewEvery;
        return waited < patience ? $"waiting {patience.TotalSeconds:0} s for nodes that are not known here" : null;
    }

    /// <summary>Whether all others that have asserted their leases in the past of this identity, wait for others; none has handed out anything.</summary>
    public async Task<bool> NobodyServesAsync(string identity, CancellationToken cancellationToken) =>
        (await ReadAsync(cancellationToken)).Values.All(entry => entry.Node == options.Node || entry.Identity != identity || entry.Step != RecoveryStep.Done);

    /// <summary>Whether a node waits, in the past of this identity, until all have asserted their leases. As the registry was listed last.</summary>
    public bool SomebodyWaits(string identity) =>
        _listed.Values.Any(seen => seen.Entry.Node != options.Node && seen.Entry.Identity == identity && seen.Entry.Step != RecoveryStep.Done);

    private static bool HasCome(NodeEntry? entry, string identity, RecoveryStep step) =>
        entry?.Identity == identity && (step == RecoveryStep.Contested || entry.Step != RecoveryStep.Contested);

    /// <summary>
    /// Nodes that were not there when the registry was listed are waited for as well, once they are seen to write their entries after the loss. Others may have
    /// come back with an older copy.
    /// </summary>
    private void LearnWhoLives(Dictionary<string, NodeEntry> entries, string identity)
    {
        var isFirst = _earlierIn != identity;
        _peers.UnionWith(entries.Values.Where(entry => entry.Identity == identity
            || (isFirst ? !store.IsSharedByNodes && IsNew(entry) : entry != _earlier.GetValueOrDefault(entry.Node))).Select(static entry => entry.Node));
        (_earlier, _earlierIn) = (entries, identity);
    }

    /// <summary>What to say about the machine that has the node's name.</summary>
    public string DescribeOther() =>
        $"the node name '{options.Node}' is in use by another {Kind}: {_other?.Host} (instance {_other?.Instance}), which this one ({options.Host}, instance {options.Instance}) would take addresses from. "
        + $"Give each {Kind} a name of its own by --node; or stop ipamd there, wait until it is silent, and start this one again; or start this one with --take-over";

    private string Kind => store.IsSharedByNodes ? "machine" : "ipamd";

    /// <summary>Takes the entry back.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_entry is { } entry)
            await store.Nodes.RemoveAsync(entry, cancellationToken);
    }

    private async Task<bool> PutAsync(NodeEntry entry, string? formerRun, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        if (!await CallAsync(token => store.Nodes.PutAsync(entry, formerRun, token), cancellationToken))
            return false;
        (_entry, _renewedAt) = (entry, start);
        return true;
    }

    /// <summary>
    /// Learns who else there is: those who would have to assert their leases after a loss. Not to be called after one. Also looks whether the cluster has a node of
    /// our name by now; the next renewal says so.
    /// </summary>
    public async Task ListAsync(CancellationToken cancellationToken)
    {
        await FindInClusterAsync(cancellationToken);
        await ListEntriesAsync(cancellationToken);
    }

    private async Task ListEntriesAsync(CancellationToken cancellationToken)
    {
        _listedAt = time.GetTimestamp();
        _listings++;
        var entries = await ReadAsync(cancellationToken);
        _listed = entries.ToDictionary(static entry => entry.Key, entry => new Seen(entry.Value, IsNew(entry.Value) ? _listedAt : _listed[entry.Key].At));
        _peers = [.. _listed.Where(seen => time.GetElapsedTime(seen.Value.At, _listedAt) < store.Nodes.Silence).Select(static seen => seen.Key)];
    }

    /// <summary>
    /// A node that was found and is gone keeps its UID: that is how others know that it is gone. One that was made anew under the name has another.
    /// </summary>
    private async Task FindInClusterAsync(CancellationToken cancellationToken)
    {
        if (store.Cluster is not { } cluster)
            return;
        try
        {
            _clusterUid = await CallAsync(token => cluster.FindNodeAsync(options.Node, token), cancellationToken) ?? _clusterUid;
        }
        catch (StoreException)
        {
            // As if there were none, so that a node that may not look works all the same: its entry then proves nothing.
        }
    }

    /// <summary>The nodes at work, by name. One that stopped has nothing to assert that others could wait for.</summary>
    private async Task<Dictionary<string, NodeEntry>> ReadAsync(CancellationToken cancellationToken) =>
        (await CallAsync(store.Nodes.ListAsync, cancellationToken)).Where(static entry => !entry.HasStopped).ToDictionary(static entry => entry.Node);

    private Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        StoreCall.WithTimeoutAsync(store.Description, options.StoreTimeout, time, call, cancellationToken);

    /// <summary>Whether the entry was written since the registry was listed.</summary>
    private bool IsNew(NodeEntry entry) => !_listed.TryGetValue(entry.Node, out var before) || before.Entry != entry;

    /// <param name="Entry">The entry of a node as it was listed last.</param>
    /// <param name="At">When it was first listed as it is.</param>
    private readonly record struct Seen(NodeEntry Entry, long At);
}

/// <summary>How a node's entry stands.</summary>
internal enum NodeStanding
{
    /// <summary>It is as this run wrote it.</summary>
    Ours,

    /// <summary>It was gone, and is written anew: the store may have lost data.</summary>
    Gone,

    /// <summary>Another run works under the name.</summary>
    TakenOver,
}
