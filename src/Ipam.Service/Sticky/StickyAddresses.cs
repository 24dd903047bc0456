using Cni.Protocol;
using Ipam.Configuration.Pods;
using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Quotas;
using Ipam.Core.Reconciliation;
using Ipam.Core.Stores;
using Ipam.Service.Mirror;
using Ipam.Service.Namespaces;

namespace Ipam.Service.Sticky;

/// <summary>
/// Hands out addresses that belong to somebody who outlives the container, who gets those again that he had. Where they are says his record, whoever handed them out; whose they are, each
/// address's block. An answer comes only when the record has what it says. Safe for use by several threads at once.
/// </summary>
/// <param name="allocator">Hands out.</param>
/// <param name="store">Has the records, and may know who lives.</param>
/// <param name="mirror">Knows which leases are this machine's.</param>
/// <param name="namespaces">Says who lives on this machine.</param>
/// <param name="time">The clock.</param>
internal sealed class StickyAddresses(Allocator allocator, IIpamStore store, MirrorFile mirror, MachineNamespaces namespaces, TimeProvider time)
{
    private const int MostTries = 8;

    /// <summary>Others with the same owner are done with an address by then.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>The addresses of a request that has a sticky owner.</summary>
    /// <param name="request">The request.</param>
    /// <param name="finding">How he was found.</param>
    /// <param name="draw">The shares of quotas that he takes; null if there are no quotas for him.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>What became of it, and what the owner had before.</returns>
    /// <exception cref="CniException">A container that lives has an address of the owner (code 11).</exception>
    /// <exception cref="StoreException">The store failed.</exception>
    public async Task<(AllocationOutcome Outcome, IReadOnlyList<Lease> Had)> AllocateAsync(
        AllocationRequest request, StickyFinding finding, QuotaDraw? draw, CancellationToken cancellationToken)
    {
        request = request with { Sticky = finding.Owner };
        var wanted = new StickyInterface(finding.Owner, request.Owner.Network, request.Owner.InterfaceName);
        var beganAt = time.GetUtcNow();
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            if (attempt > 0)
                await Task.Delay(Pause * attempt, time, cancellationToken);
            var text = await FindAsync(wanted, cancellationToken);
            var had = StickyRecord.Parse(text) is { } record && record.Space == request.Space ? await HadAsync(record, wanted, cancellationToken) : [];
            await EnsureFreeAsync(had, request, finding, cancellationToken);
            if (draw is not null)
                await draw.CoverAsync([.. had.Where(lease => Fits(lease, request))], request.Pod, cancellationToken);
            var outcome = await allocator.AllocateAsync(request with { Inherited = [.. had.Where(lease => lease.Owner != request.Owner), .. request.Inherited] }, cancellationToken);
            if (outcome is not AllocationOutcome.Allocated allocated)
                return (outcome, had);
            var stay = allocated.Addresses.Select(static address => address.Lease).Where(static lease => lease.Sticky is not null).ToList();
            if (stay.Count == 0 || StickyRecord.Of(stay).ToString() == text)
                return (outcome, had);
            var isNew = stay.Where(lease => lease.AcquiredAt >= beganAt && !had.Any(other => other.Address == lease.Address)).ToList();
            // What was his a moment ago and isn't among the answer, somebody changed meanwhile.
            var isOvertaken = had.Any(lease => Fits(lease, request) && !stay.Exists(one => one.Address == lease.Address));
            // A container that repeats its request has what it has.
            if (isOvertaken && isNew.Count == 0)
                return (outcome, had);
            if (!isOvertaken && await PutAsync(wanted, text, StickyRecord.Of(stay), cancellationToken))
                return (outcome, had);
            foreach (var lease in isNew)
                await allocator.ReleaseAsync(lease, ReleaseCause.GivenBack, cancellationToken);
        }
        throw new CniException(CniErrorCode.TryAgainLater, $"which addresses {request.Sticky} has changed at each of {MostTries} tries: other containers ask for them at the same time", "give each owner one container at a time");
    }

    /// <summary>Whether these addresses are a sticky owner's, in whatever container's hands or in none.</summary>
    /// <exception cref="StoreException">The store failed.</exception>
    public async Task<bool> AreOfAsync(StickyInterface owner, string space, IReadOnlyCollection<Address> addresses, CancellationToken cancellationToken)
    {
        var leases = await allocator.ReadAsync(space, addresses, cancellationToken);
        return addresses.All(address => leases.Any(lease => lease.Address == address && lease.StickyInterface == owner));
    }

    private Task<string?> FindAsync(StickyInterface owner, CancellationToken cancellationToken) =>
        StoreCall.ExplainAsync(store.Description, () => store.Sticky.FindAsync(owner.ToString(), cancellationToken));

    private Task<bool> PutAsync(StickyInterface owner, string? expected, StickyRecord record, CancellationToken cancellationToken) =>
        StoreCall.ExplainAsync(store.Description, () => store.Sticky.PutAsync(owner.ToString(), expected, record.ToString(), cancellationToken));

    private async Task<IReadOnlyList<Lease>> HadAsync(StickyRecord record, StickyInterface owner, CancellationToken cancellationToken) =>
        [.. (await allocator.ReadAsync(record.Space, record.Addresses, cancellationToken)).Where(lease => lease.StickyInterface == owner)];

    private static bool Fits(Lease lease, AllocationRequest request) => lease.Entry < request.Entries.Count && request.Entries[lease.Entry].Fits(lease.Address);

    /// <summary>Two containers that live never have one address, unless they are one machine that moves.</summary>
    private async Task EnsureFreeAsync(IEnumerable<Lease> had, AllocationRequest request, StickyFinding finding, CancellationToken cancellationToken)
    {
        foreach (var lease in finding.Owner.Moves ? [] : had.Where(lease => !lease.Owner.IsKept && lease.Owner != request.Owner && Fits(lease, request)))
        {
            if (!await IsOfMachineAsync(lease, finding.Machine, cancellationToken) && await SignOfAsync(lease, cancellationToken) is { } sign)
            {
                throw new CniException(
                    CniErrorCode.TryAgainLater,
                    $"address {lease.Address} belongs to {request.Sticky}, and {lease.Pod?.ToString() ?? $"container {lease.Owner.ContainerId}"} on node {lease.Node} still has it: {sign}",
                    "it is handed on once that one is gone and its DEL came; if it is gone for certain, release it with 'ipamctl lease release'");
            }
        }
    }

    /// <summary>Whether the pod that has a lease is there and one of this machine, which moves from it to another.</summary>
    private async Task<bool> IsOfMachineAsync(Lease lease, string? machine, CancellationToken cancellationToken) =>
        machine is not null && lease.Pod is { } pod && store.PodFacts is { } facts
        && await StoreCall.ExplainAsync(store.Description, () => facts.ReadPodAsync(pod.Namespace, pod.Name, cancellationToken)) is { } found
        && found.Machine == machine && (pod.Uid.Length == 0 || found.Uids.Contains(pod.Uid, StringComparer.Ordinal));

    /// <summary>Why the container that has a lease may live; null if it is gone for certain.</summary>
    private async Task<string?> SignOfAsync(Lease lease, CancellationToken cancellationToken)
    {
        var isHere = mirror.IsOfThisMachine(lease);
        var seen = isHere ? namespaces.Look(lease) : Evidence.Unknown;
        if (seen.Verdict == Verdict.Gone)
            return null;
        if (seen.Verdict == Verdict.Alive)
            return seen.Finding;
        if (lease.Pod is not { } pod || store.Cluster is not { } cluster)
            return "nobody says that it is gone";
        var found = await StoreCall.ExplainAsync(store.Description, () => cluster.FindPodAsync(pod.Namespace, pod.Name, cancellationToken));
        var isThere = found is { HasEnded: false } && found.Is(pod) && (pod.Uid.Length > 0 || found.Node.Length == 0 || found.Node == lease.Node);
        if (isThere)
            return $"the cluster has the pod {pod}";
        // A pod that was deleted by force may run on. Its node's ipamd says when it doesn't, by which its owner keeps the address; nobody does for a node that is no more.
        return !isHere && await StoreCall.ExplainAsync(store.Description, () => cluster.FindNodeAsync(lease.Node, cancellationToken)) is not null
            ? $"its pod is gone, but node {lease.Node} hasn't said that the container is, too"
            : null;
    }
}
