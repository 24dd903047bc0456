using Cni.Protocol;
using Ipam.Configuration.Pods;
using Ipam.Configuration.Ranges;
using Ipam.Configuration.Reading;
using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Quotas;
using Ipam.Core.Stores;
using Ipam.Service.Configuration;
using Ipam.Service.Namespaces;
using Ipam.Service.Pools;
using Ipam.Service.Releases;
using Ipam.Service.Spool;
using Ipam.Service.Sticky;

namespace Ipam.Service.Verbs;

/// <summary>ADD: the owner's addresses, one per range set.</summary>
internal sealed class AddVerb(
    Allocator allocator, QuotaBook quotas, StickyAddresses stickies, StickyOwners owners, IpamClaimStatuses claims, RangeSetSource source, SpooledReleases spooled, RecentAdds adds, MachineNamespaces namespaces,
    FormerSandboxes former, IgnoredKeys ignored, string node) : IVerb
{
    public async Task<ReadOnlyMemory<byte>> RunAsync(VerbRequest request, CancellationToken cancellationToken)
    {
        var owner = OwnerOf.Request(request);
        using var add = adds.Begin(owner, request.ArrivedAt);
        var configuration = request.Ipam;
        ignored.TellOf(request.Configuration);
        var args = RequestedAddresses.ParseArgs(request.Environment.Args);
        var asking = PodOf.Asking(args);
        var ranges = (await source.GetAsync(request.Configuration, asking, cancellationToken)).For(RequestedAddresses.Reservation(configuration, args));
        using var draw = await DrawAsync(owner, ranges, asking, cancellationToken);
        ranges = draw is null ? ranges : ranges.Without(draw.Obstacles);
        var requested = RequestedAddresses.Read(request.Network, args);
        var entries = EntryBuilder.Build(ranges.Sets, requested);
        var dns = configuration.ResolvConf is { } path ? await ResolvConf.ReadAsync(path, cancellationToken) : configuration.Dns ?? CniDns.None;

        var finding = await owners.FindAsync(new StickyAttachment(request.Configuration, owner.InterfaceName, asking, args), ranges, cancellationToken);
        await spooled.ReleaseBeforeAddAsync(add, cancellationToken);
        var (pod, identity) = (PodOf.Args(args), namespaces.Identify(request.Environment.NetNs, request.Namespace));
        var wanted = new AllocationRequest
        {
            Space = ranges.Space,
            Owner = owner,
            Entries = entries,
            Node = node,
            Pod = pod,
            Conflicts = request.Conflicts,
            Inherited = former.LeftTo(owner, pod, identity),
            NetworkNamespace = request.Environment.NetNs,
            NamespaceIdentity = identity,
        };
        var asked = new Asked(request, ranges, finding, draw);
        var allocated = finding?.Claim is { } claim
            ? await AllocateForAsync(claim, wanted, requested, asked, cancellationToken)
            : await AllocateAsync(wanted, asked, cancellationToken);
        draw?.Got(allocated);
        var addresses = allocated.Addresses;
        add.Succeeds(addresses);
        var routes = PoolRoutes.Behind(configuration.Routes, addresses, ranges);
        return AddResult.Of(addresses, routes, dns).ToJson(request.Network.Version);
    }

    private async Task<AllocationOutcome.Allocated> AllocateAsync(AllocationRequest wanted, Asked asked, CancellationToken cancellationToken)
    {
        var (outcome, had) = asked.Finding is { } finding
            ? await stickies.AllocateAsync(wanted, finding, asked.Draw, cancellationToken)
            : (await allocator.AllocateAsync(wanted, cancellationToken), []);
        if (outcome is not AllocationOutcome.Allocated allocated)
            throw AllocationRefusal.Of(outcome, asked.Ranges);
        if (asked.Finding?.Moves == true)
            asked.Request.Moved.AddRange(allocated.Addresses.Select(static address => address.Lease.Address).Where(address => had.Any(lease => lease.Address == address)));
        return allocated;
    }

    /// <summary>
    /// A claim has what it wants, or its pod gets nothing. The claim's status is written before the answer, and if it can't be, the runtime tries again: the addresses stay the claim's meanwhile.
    /// </summary>
    private async Task<AllocationOutcome.Allocated> AllocateForAsync(
        IpamClaim claim, AllocationRequest wanted, IReadOnlyList<Address> requested, Asked asked, CancellationToken cancellationToken)
    {
        try
        {
            var entries = EntryBuilder.Build(asked.Ranges.Sets, [.. requested.Union(asked.Finding!.Requests)]);
            var allocated = await AllocateAsync(wanted with { Entries = entries }, asked, cancellationToken);
            await claims.SucceededAsync(claim, wanted.Pod!, allocated.Addresses, cancellationToken);
            return allocated;
        }
        catch (CniException e)
        {
            await claims.FailedAsync(claim, e, cancellationToken);
            throw;
        }
    }

    /// <summary>Takes shares of the quotas that the pod's namespace has; null if it has none.</summary>
    private async Task<QuotaDraw?> DrawAsync(Owner owner, RangeSets ranges, AskingPod? pod, CancellationToken cancellationToken) =>
        pod?.Namespace is { } podNamespace && ranges.WithQuota(podNamespace) is { Count: > 0 } pools ? await quotas.DrawAsync(owner, podNamespace, pools, cancellationToken) : null;

    /// <param name="Request">The call.</param>
    /// <param name="Ranges">What it may get.</param>
    /// <param name="Finding">Its sticky owner; null if it has none.</param>
    /// <param name="Draw">Its shares of quotas; null if there are none for it.</param>
    private sealed record Asked(VerbRequest Request, RangeSets Ranges, StickyFinding? Finding, QuotaDraw? Draw);
}
