using Cni.Protocol;
using Ipam.Configuration.Pods;
using Ipam.Configuration.Ranges;
using Ipam.Configuration.Reading;
using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Service.Configuration;
using Ipam.Service.Namespaces;
using Ipam.Service.Pools;
using Ipam.Service.Sticky;

namespace Ipam.Service.Verbs;

/// <summary>
/// CHECK: the store must hold a lease of the owner for each range set, and one for every address of <c>prevResult</c> that is ours.
/// Addresses that we don't hand out are another plugin's. The namespace must be the one that they were handed out for.
/// </summary>
internal sealed class CheckVerb(Allocator allocator, StickyAddresses stickies, StickyOwners owners, RangeSetSource source, MachineNamespaces namespaces) : IVerb
{
    public async Task<ReadOnlyMemory<byte>> RunAsync(VerbRequest request, CancellationToken cancellationToken)
    {
        // Who holds an address keeps it, whatever pools are for whom by now.
        var ranges = await source.GetAsync(request.Configuration, null, cancellationToken);
        var previous = request.Network.PrevResult;
        var owner = OwnerOf.Request(request);
        var leases = await allocator.FindAsync(owner, cancellationToken);
        var held = leases.Where(lease => lease.Space == ranges.Space).ToList();
        if (held.Count == 0 && await HasMovedAsync(request, ranges, cancellationToken))
            return default;
        if (held.Count == 0)
            throw Missing($"no address is held by container {owner.ContainerId}, interface {owner.InterfaceName}, in network {owner.Network}");

        CheckNamespace(namespaces.Identify(request.Environment.NetNs, request.Namespace), held);
        CheckSets(ranges, held);
        foreach (var ip in previous?.Ips ?? [])
            CheckAddress(AddressConversion.ToAddress(ip.Address), ranges, held);
        return default;
    }

    /// <summary>
    /// Whether the container's addresses are those of a machine that moves, and went ahead to where it is going: until it is there, the container has them all the same.
    /// </summary>
    private async Task<bool> HasMovedAsync(VerbRequest request, RangeSets ranges, CancellationToken cancellationToken)
    {
        var addresses = (request.Network.PrevResult?.Ips ?? []).Select(static ip => AddressConversion.ToAddress(ip.Address)).Where(address => IsOurs(address, ranges)).ToList();
        var args = RequestedAddresses.ParseArgs(request.Environment.Args);
        return addresses.Count > 0
            && await owners.FindAsync(new StickyAttachment(request.Configuration, request.Environment.IfName, PodOf.Asking(args), args), ranges, cancellationToken) is { Moves: true } finding
            && await stickies.AreOfAsync(new StickyInterface(finding.Owner, request.Network.Name, request.Environment.IfName), ranges.Space, addresses, cancellationToken);
    }

    private static bool IsOurs(Address address, RangeSets ranges) => ranges.Sets.Append(ranges.Choosable ?? []).Any(set => set.Any(range => range.Requestable.Contains(address)));

    /// <summary>By subnet, not by range: ranges may have been narrowed since.</summary>
    private static void CheckSets(RangeSets ranges, List<Lease> held)
    {
        // Which pools the pod chose when it came, and of which families they are, its leases say.
        IReadOnlyList<IReadOnlyList<AllocationRange>> sets =
            ranges.Choosable is null ? ranges.Sets : [.. ranges.Sets.Where(static set => set.All(static range => range.Pool is null))];
        if (ranges.Choosable is not null && held.Count <= sets.Count)
            throw Missing("no address of a pool is held by the container");
        var leaseOf = Pairing.Of(sets.Count, held.Count, (set, lease) => sets[set].Any(range => range.Subnet.Contains(held[lease].Address)));
        var missing = Array.IndexOf(leaseOf, null);
        if (missing >= 0)
            throw Missing($"no address of {RangeText.Of(sets[missing], missing)} is held by the container: {RangeText.Of(sets[missing])}");
    }

    /// <summary>A lease of another namespace is one that nobody answers for: it may be released at any time.</summary>
    private static void CheckNamespace(NamespaceIdentity now, List<Lease> held)
    {
        foreach (var lease in held)
        {
            var then = lease.NamespaceIdentity;
            if (now.IsKnown && then.IsKnown && (now.Boot, now.Inode) != (then.Boot, then.Inode))
                throw Missing($"address {lease.Address} is held by the container in another network namespace: {then}, and CNI_NETNS is {now}");
        }
    }

    private static void CheckAddress(Address address, RangeSets ranges, List<Lease> held)
    {
        if (IsOurs(address, ranges) && !held.Exists(lease => lease.Address == address))
            throw Missing($"address {address} of prevResult is not held by the container");
    }

    private static CniException Missing(string what) =>
        new(IpamErrorCode.LeaseMissing, what, "DEL the attachment and ADD it again; 'ipamctl lease list' shows who holds what");
}
