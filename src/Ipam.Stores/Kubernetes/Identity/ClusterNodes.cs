using System.Collections.Concurrent;
using System.Globalization;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;
using Ipam.Stores.Text;

namespace Ipam.Stores.Kubernetes.Identity;

/// <summary>
/// The nodes that work on the cluster's data: a Lease each, whose holder is the run. Nobody holds the Lease of a node that stopped, which stays with what is noted in
/// it until it is forgotten.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="pasts">Notices by the versions of these Leases, too, that the cluster was set back.</param>
/// <param name="space">Gives the namespace of the Leases.</param>
/// <param name="renewEvery">How often a node is to renew its Lease.</param>
/// <param name="objectsPerPage">Objects asked for in one request of a listing.</param>
/// <param name="time">The clock.</param>
internal sealed class ClusterNodes(
    Func<IKubernetesClient> client, ClusterPasts pasts, Func<string> space, TimeSpan renewEvery, int objectsPerPage, TimeProvider time) : INodeRegistry
{
    private const string NodeNote = "ipamsuite.dev/node";
    private const string InstanceNote = "ipamsuite.dev/instance";
    private const string HostNote = "ipamsuite.dev/host";
    private const string IdentityNote = "ipamsuite.dev/identity";
    private const string RenewalsNote = "ipamsuite.dev/renewals";
    private const string ClusterUidNote = "ipamsuite.dev/node-uid";
    private const string HistoryNote = "ipamsuite.dev/history-at";
    private const string StepNote = "ipamsuite.dev/recovery-step";

    /// <summary>Runs that we wrote, and the version that their Lease got, so that a renewal is one request.</summary>
    private readonly ConcurrentDictionary<string, ObjectMeta> _written = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public TimeSpan RenewEvery => renewEvery;

    // A holder is there for as long as it may be silent.
    private NoteLeaseKind Kind => new(space(), "node", (int)Math.Ceiling(((INodeRegistry)this).Silence.TotalSeconds), time);

    /// <inheritdoc/>
    public async Task<NodeEntry?> FindAsync(string node, CancellationToken cancellationToken) =>
        ToEntry(await client().GetAsync(Kind, NameOf(node), cancellationToken)) is { HasStopped: false } entry ? entry : null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<NodeEntry>> ListAsync(CancellationToken cancellationToken)
    {
        var leases = await new MomentListing(client(), objectsPerPage).ListAsync(Kind, [Kind.Selector], cancellationToken);
        return [.. leases.Select(ToEntry).OfType<NodeEntry>()];
    }

    /// <inheritdoc/>
    public Task<bool> PutAsync(NodeEntry entry, string? formerRun, CancellationToken cancellationToken) =>
        WriteAsync(entry, entry.Run, formerRun ?? "", cancellationToken);

    /// <inheritdoc/>
    public Task RemoveAsync(NodeEntry entry, CancellationToken cancellationToken) => WriteAsync(entry, "", entry.Run, cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> ForgetAsync(NodeEntry entry, CancellationToken cancellationToken)
    {
        var name = NameOf(entry.Node);
        var lease = await client().GetAsync(Kind, name, cancellationToken);
        return ToEntry(lease) == entry
            && await client().DeleteAsync(Kind, name, lease!.Meta.ResourceVersion, lease.Meta.Uid, cancellationToken) is { Outcome: WriteOutcome.Written };
    }

    private static string NameOf(string node) => $"ipam.node.{SafeName.Of(node)}";

    private static NodeEntry? ToEntry(NoteLease? lease) =>
        // A copy that somebody made under another name is nobody's.
        lease is not null && lease.Meta.Name == NameOf(lease[NodeNote]) && long.TryParse(lease[RenewalsNote], NumberStyles.None, CultureInfo.InvariantCulture, out var renewals)
            ? new NodeEntry(lease[NodeNote], lease[InstanceNote], lease.Holder, lease[HostNote], lease[IdentityNote], renewals)
            {
                ClusterUid = lease[ClusterUidNote],
                HistoryAt = lease[HistoryNote],
                Step = int.TryParse(lease[StepNote], NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? (RecoveryStep)step : RecoveryStep.Done,
            }
            : null;

    private async Task<bool> WriteAsync(NodeEntry entry, string holder, string formerHolder, CancellationToken cancellationToken)
    {
        var name = NameOf(entry.Node);
        if (formerHolder.Length > 0 && _written.TryGetValue(formerHolder, out var known) && await WriteAsync(known, entry, holder, cancellationToken))
            return true;
        var lease = await client().GetAsync(Kind, name, cancellationToken);
        if ((lease?.Holder ?? "") != formerHolder)
            return false;
        return await WriteAsync(lease?.Meta ?? new ObjectMeta(name, "", 0, 0, default, ""), entry, holder, cancellationToken);
    }

    private async Task<bool> WriteAsync(ObjectMeta meta, NodeEntry entry, string holder, CancellationToken cancellationToken)
    {
        var lease = new NoteLease(meta, holder, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [NodeNote] = entry.Node,
            [InstanceNote] = entry.Instance,
            [HostNote] = entry.Host,
            [IdentityNote] = entry.Identity,
            [RenewalsNote] = entry.Renewals.ToString(CultureInfo.InvariantCulture),
            [ClusterUidNote] = entry.ClusterUid,
            [HistoryNote] = entry.HistoryAt,
            [StepNote] = ((int)entry.Step).ToString(CultureInfo.InvariantCulture),
        });
        var before = pasts.Highest;
        var answer = meta.ResourceVersion == 0
            ? await client().CreateAsync(Kind, lease, cancellationToken)
            : await client().ReplaceAsync(Kind, meta.Name, lease, cancellationToken);
        if (answer is not { Outcome: WriteOutcome.Written, Meta: { } written })
            return false;
        pasts.Written(written.ResourceVersion, before);
        _written.Clear();
        _written[holder] = written;
        return true;
    }
}
