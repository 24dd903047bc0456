using System.Threading.Channels;
using Cni.Protocol;
using Ipam.Configuration.Ranges;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Service.Sticky;

/// <summary>
/// Shows in the status of IPAMClaims what they have, and which pod has it. It only shows: whose an address is, its block says. Safe for use by several threads at once; turns are taken one
/// after the other.
/// </summary>
/// <param name="store">Has the claims.</param>
/// <param name="allocator">Reads leases.</param>
/// <param name="time">The clock.</param>
internal sealed class IpamClaimStatuses(IIpamStore store, Func<Allocator> allocator, TimeProvider time)
{
    private const int MostTries = 5;

    /// <summary>More claims than have pods on one node. Of what is beyond that the status tells of a pod that is gone, until there is a next one.</summary>
    private const int MostWaiting = 1024;

    /// <summary>So many are written in one turn: other work waits for it.</summary>
    private const int MostInTurn = 32;

    /// <summary>After a failure others have it easier.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly Channel<Lease> _ended = Channel.CreateBounded<Lease>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private long? _failedAt;

    /// <summary>A claim's addresses were handed to a pod: says so. Durable when it returns.</summary>
    /// <exception cref="CniException">The claim is gone, or others change it all the time (code 11).</exception>
    /// <exception cref="StoreException">It can't be written.</exception>
    public async Task SucceededAsync(IpamClaim claim, PodReference pod, IReadOnlyList<AllocatedAddress> addresses, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> texts = [.. addresses.Select(static address => $"{address.Lease.Address}/{address.Range.Subnet.Length}")];
        try
        {
            if (!await PutAsync(claim, now => Status(now, texts, pod.Name, isTrue: true, "SuccessfulAllocation", "the addresses are the claim's until it is deleted"), cancellationToken))
                throw new CniException(CniErrorCode.TryAgainLater, $"{claim} was deleted or changed by others while {pod} got its addresses", "see it with 'kubectl get ipamclaims -A'");
        }
        catch (StoreException e)
        {
            throw new StoreException($"what {claim} has can't be written into its status: {e.Message}", e);
        }
    }

    /// <summary>A claim got nothing: says why, if that can be said. The pod's error tells of it in any case.</summary>
    public async Task FailedAsync(IpamClaim claim, CniException why, CancellationToken cancellationToken)
    {
        var reason = why.Error.Code switch
        {
            IpamErrorCode.Exhausted => "SubnetExhausted",
            IpamErrorCode.RequestRefused => "IPAddressConflict",
            _ => null,
        };
        try
        {
            // What it has already, it keeps.
            if (reason is not null)
                await PutAsync(claim, now => Status(now, now.Status.Addresses, now.Status.OwnerPod, isTrue: false, reason, why.Message), cancellationToken);
        }
        catch (StoreException)
        {
            // The caller is told what matters.
        }
    }

    /// <summary>Leases ended: claims have no pod now.</summary>
    public void Ended(IReadOnlyList<EndedLease> leases)
    {
        foreach (var (lease, reason) in leases)
        {
            if (store.IpamClaims is not null && reason.IsOfContainer && lease is { Sticky.Owner.IsIpamClaim: true, Owner.IsKept: false, Pod: not null })
                _ended.Writer.TryWrite(lease);
        }
    }

    /// <summary>Says so of those that ended. Throws <see cref="StoreException"/>; what is left is said later.</summary>
    public async Task TurnAsync(CancellationToken cancellationToken)
    {
        if (_failedAt is { } at && time.GetElapsedTime(at) < Pause)
            return;
        for (var i = 0; i < MostInTurn && _ended.Reader.TryPeek(out var lease); i++)
        {
            _failedAt = time.GetTimestamp();
            try
            {
                await ClearAsync(lease, cancellationToken);
            }
            catch (StoreException e)
            {
                throw new StoreException($"that {lease.Sticky!.Owner} has no pod can't be written into its status: {e.Message}", e);
            }
            _failedAt = null;
            _ended.Reader.TryRead(out _);
        }
    }

    /// <summary>A pod that came meanwhile, here or elsewhere, stays: it has taken the address before it writes the status, and a status that was written since is read again.</summary>
    private async Task ClearAsync(Lease lease, CancellationToken cancellationToken)
    {
        var owner = lease.Sticky!.Owner;
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            if (await store.IpamClaims!.ReadAsync(owner.Namespace, owner.Name, cancellationToken) is not { } claim || claim.Uid != owner.Uid || claim.Status.OwnerPod != lease.Pod!.Name)
                return;
            if ((await allocator().ReadAsync(lease.Space, [lease.Address], cancellationToken)).Any(now => now.Sticky?.Owner == owner && !now.Owner.IsKept))
                return;
            if (await store.IpamClaims.PutStatusAsync(claim, claim.Status with { OwnerPod = "" }, cancellationToken))
                return;
        }
    }

    /// <summary>Writes a status over whatever is there; nothing if it says the same. False if the claim is gone, or others change it at each try.</summary>
    private async Task<bool> PutAsync(IpamClaim claim, Func<IpamClaim, IpamClaimStatus> statusOf, CancellationToken cancellationToken)
    {
        for (var (attempt, now) = (0, claim); attempt < MostTries; attempt++)
        {
            var status = statusOf(now);
            if (status.Says(now.Status) || await store.IpamClaims!.PutStatusAsync(now, status, cancellationToken))
                return true;
            if (await store.IpamClaims.ReadAsync(claim.Namespace, claim.Name, cancellationToken) is not { } again || again.Uid != claim.Uid)
                return false;
            now = again;
        }
        return false;
    }

    private IpamClaimStatus Status(IpamClaim claim, IReadOnlyList<string> addresses, string pod, bool isTrue, string reason, string message)
    {
        var before = claim.Status.Condition;
        return claim.Status with
        {
            Addresses = addresses,
            OwnerPod = pod,
            Condition = new IpamClaimCondition(isTrue, reason, message, before?.IsTrue == isTrue ? before.Since : time.GetUtcNow()),
        };
    }
}
