using Cni.Protocol;
using Ipam.Configuration.Pods;
using Ipam.Configuration.Ranges;
using Ipam.Configuration.Reading;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Quotas;
using Ipam.Service.Configuration;
using Ipam.Service.Namespaces;
using Ipam.Service.Pools;
using Ipam.Service.Releases;
using Ipam.Service.Spool;
using Ipam.Service.Sticky;

namespace Ipam.Service.Verbs;

/// <summary>ADD: the owner's addresses, one per range set.</summary>
internal sealed class AddVerb(
    Allocator allocator, QuotaBook quotas, StickyAddresses stickies, StickyOwners owners, RangeSetSource source, SpooledReleases spooled, RecentAdds adds, MachineNamespaces namespaces, FormerSandboxes former, IgnoredKeys ignored,
    string node) : IVerb
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
        ranges = ranges.Without(draw.Obstacles);
        var entries = EntryBuilder.Build(ranges.Sets, RequestedAddresses.Read(request.Network, args));
        var dns = configuration.ResolvConf is { } path ? await ResolvConf.ReadAsync(path, cancellationToken) : configuration.Dns ?? CniDns.None;

        var sticky = await owners.FindAsync(ranges, asking, args, cancellationToken);
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
            Sticky = sticky,
            NetworkNamespace = request.Environment.NetNs,
            NamespaceIdentity = identity,
        };
        var outcome = sticky is null ? await allocator.AllocateAsync(wanted, cancellationToken) : await stickies.AllocateAsync(wanted, cancellationToken);
        if (outcome is not AllocationOutcome.Allocated allocated)
            throw AllocationRefusal.Of(outcome, ranges);
        draw.Got(allocated);
        add.Succeeds(allocated.Addresses);
        var routes = PoolRoutes.Behind(configuration.Routes, allocated.Addresses, ranges);
        return AddResult.Of(allocated.Addresses, routes, dns).ToJson(request.Network.Version);
    }

    private async Task<QuotaDraw> DrawAsync(Owner owner, RangeSets ranges, AskingPod? pod, CancellationToken cancellationToken) =>
        pod?.Namespace is { } podNamespace && ranges.WithQuota(podNamespace) is { Count: > 0 } pools ? await quotas.DrawAsync(owner, podNamespace, pools, cancellationToken) : new QuotaDraw(owner);
}
