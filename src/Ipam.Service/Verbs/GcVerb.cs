using Cni.Protocol;
using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Service.Releases;

namespace Ipam.Service.Verbs;

/// <summary>
/// GC: releases this node's leases of this network whose attachment the runtime doesn't list. A request without a list doesn't say that
/// nothing is valid; then only leases whose network namespace is gone from this node are released.
/// </summary>
internal sealed class GcVerb(Allocator allocator, IIpamStore store, RecentAdds adds, string node) : IVerb
{
    public async Task<ReadOnlyMemory<byte>> RunAsync(VerbRequest request, CancellationToken cancellationToken)
    {
        var valid = request.Network.ValidAttachments;
        var isLeak = valid.Presence == ValidAttachmentsPresence.Given ? NotListed(valid.Items) : NamespaceIsGone;
        var failures = new List<string>();
        await foreach (var page in store.ListBlocksAsync(new BlockFilter(Node: node), cancellationToken))
        {
            // All of a page's at once, so that they share a commit.
            var leaks = page.SelectMany(static block => block.Leases).Where(lease => IsCovered(lease, request) && isLeak(lease));
            var released = await Task.WhenAll(leaks.Select(lease => ReleaseAsync(lease, cancellationToken)));
            failures.AddRange(released.OfType<string>());
        }
        if (failures.Count > 0)
            throw new CniException(CniErrorCode.TryAgainLater, $"{failures.Count} addresses could not be released", string.Join("; ", failures));
        return default;
    }

    /// <summary>The list is this node's view of this network. It can't hold what was handed out after it was made.</summary>
    private bool IsCovered(Lease lease, VerbRequest request) =>
        lease.Node == node && lease.Owner.Network == request.Network.Name && !adds.IsAnsweredSince(lease.Owner, request.ArrivedAt);

    private static Func<Lease, bool> NotListed(IReadOnlyList<CniAttachment> valid)
    {
        var listed = valid.ToHashSet();
        return lease => !listed.Contains(new CniAttachment(lease.Owner.ContainerId, lease.Owner.InterfaceName));
    }

    private static bool NamespaceIsGone(Lease lease) => NetworkNamespacePath.IsGone(lease.NetworkNamespace);

    /// <summary>Null, or why it could not be released.</summary>
    private async Task<string?> ReleaseAsync(Lease lease, CancellationToken cancellationToken)
    {
        try
        {
            await allocator.ReleaseAsync(lease, ReleaseCause.Gc, cancellationToken);
            return null;
        }
        catch (StoreException e)
        {
            return $"{lease.Address}: {e.Message}";
        }
    }
}
