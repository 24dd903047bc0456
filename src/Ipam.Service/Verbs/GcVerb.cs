using Cni.Protocol;
using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Reconciliation;
using Ipam.Core.Stores;
using Ipam.Service.Mirror;
using Ipam.Service.Namespaces;
using Ipam.Service.Releases;

namespace Ipam.Service.Verbs;

/// <summary>
/// GC: releases this node's leases of this network whose attachment the runtime doesn't list. A request without a list doesn't say that
/// nothing is valid; then only leases whose network namespace is gone from this node are released. A call does as much as fits into its time. What is left is said, and
/// goes with the next call.
/// </summary>
/// <param name="allocator">Releases.</param>
/// <param name="store">Has the leases.</param>
/// <param name="adds">Tells what is handed out meanwhile.</param>
/// <param name="mirror">Knows which leases are this machine's.</param>
/// <param name="namespaces">Knows which namespaces are there.</param>
/// <param name="limit">How long a call goes on.</param>
/// <param name="time">Measures it.</param>
internal sealed class GcVerb(Allocator allocator, IIpamStore store, RecentAdds adds, MirrorFile mirror, MachineNamespaces namespaces, TimeSpan limit, TimeProvider time)
    : IVerb
{
    /// <summary>So many releases wait at once: they fill several commits.</summary>
    private const int AtOnce = 512;

    private const int MostFailuresTold = 10;

    public async Task<ReadOnlyMemory<byte>> RunAsync(VerbRequest request, CancellationToken cancellationToken)
    {
        var leaks = await FindAsync(request, cancellationToken);
        var released = 0;
        var failures = new List<string>();
        foreach (var some in leaks.Chunk(AtOnce))
        {
            // The first go whatever the listing took: a call that does nothing would be repeated for ever.
            if (released > 0 && time.GetElapsedTime(request.ArrivedAt) > limit)
                throw NotAll(released, leaks.Count - released - failures.Count);
            var before = failures.Count;
            failures.AddRange((await Task.WhenAll(some.Select(lease => ReleaseAsync(lease, request, cancellationToken)))).OfType<string>());
            released += some.Length - (failures.Count - before);
        }
        if (failures.Count > 0)
            throw new CniException(CniErrorCode.TryAgainLater, $"addresses that could not be released: {failures.Count}", string.Join("; ", failures.Take(MostFailuresTold)));
        return default;
    }

    private static CniException NotAll(int released, int left) => new(
        CniErrorCode.TryAgainLater,
        $"GC has released {released} addresses in the time that it has, and {left} are left",
        "call GC again: it goes on with those");

    private async Task<List<Lease>> FindAsync(VerbRequest request, CancellationToken cancellationToken)
    {
        var valid = request.Network.ValidAttachments;
        var isLeak = valid.Presence == ValidAttachmentsPresence.Given ? NotListed(valid.Items) : NamespaceIsGone;
        return await StoreCall.ExplainAsync(store.Description, async () =>
        {
            var leaks = new List<Lease>();
            foreach (var name in mirror.Names)
            {
                await foreach (var page in store.ListBlocksAsync(new BlockFilter(Node: name), cancellationToken))
                {
                    leaks.AddRange(page.SelectMany(static block => block.Leases)
                        .Where(lease => lease.Node == name && IsCovered(lease, request) && isLeak(lease)));
                }
            }
            return leaks;
        });
    }

    /// <summary>The list is this machine's view of this network. It can't hold what was handed out after it was made.</summary>
    private bool IsCovered(Lease lease, VerbRequest request) =>
        mirror.IsOfThisMachine(lease) && lease.Owner.Network == request.Network.Name && !adds.IsAnsweredSince(lease.Owner, request.ArrivedAt);

    private static Func<Lease, bool> NotListed(IReadOnlyList<CniAttachment> valid)
    {
        var listed = valid.ToHashSet();
        return lease => !listed.Contains(new CniAttachment(lease.Owner.ContainerId, lease.Owner.InterfaceName));
    }

    /// <summary>Of a lease that says nothing but the path, the path must do.</summary>
    private bool NamespaceIsGone(Lease lease) => lease.NamespaceIdentity.IsKnown
        ? namespaces.Look(lease).Verdict == Verdict.Gone
        : NetworkNamespacePath.IsGone(lease.NetworkNamespace);

    /// <summary>Null, or why it could not be released.</summary>
    private async Task<string?> ReleaseAsync(Lease lease, VerbRequest request, CancellationToken cancellationToken)
    {
        try
        {
            // An ADD of the owner may have been answered with the very lease since it was listed.
            await allocator.ReleaseAsync(lease, ReleaseCause.Gc, held => adds.IsAnsweredSince(held.Owner, request.ArrivedAt), cancellationToken);
            return null;
        }
        catch (StoreException e)
        {
            return $"{lease.Address}: {e.Message}";
        }
    }
}
