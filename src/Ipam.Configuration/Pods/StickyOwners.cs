using Cni.Protocol;
using Ipam.Configuration.Keys;
using Ipam.Configuration.Ranges;
using Ipam.Configuration.Reading;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Configuration.Pods;

/// <summary>Finds out whose an address is for longer than a container lives. Asks nobody where no range is sticky and no claims are allowed. Safe for use by several threads at once.</summary>
/// <param name="facts">Reads pods; null where the store belongs to no cluster.</param>
/// <param name="claims">Reads IPAMClaims; null where the store belongs to no cluster.</param>
public sealed class StickyOwners(IPodFacts? facts, IIpamClaims? claims)
{
    private readonly IpamClaimLookup? _claims = claims is null ? null : new IpamClaimLookup(claims);

    /// <summary>
    /// The sticky owner of a container: the claim that its pod names, where such are allowed; else, of sticky ranges, whom CNI_ARGS name, else whom its pod's annotation names, else the
    /// virtual machine in it, else the pod itself if it is one of a StatefulSet. Null if there is none.
    /// </summary>
    /// <param name="attachment">The container's attachment.</param>
    /// <param name="ranges">The ranges that it gets addresses of.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="CniException">
    /// A name can't be used (code 4 or 101), there is no such pod or claim now (code 11), the claim is for something else (code 101), or claims are allowed where nobody knows any (code 7).
    /// </exception>
    /// <exception cref="StoreException">The pod or the claim can't be read.</exception>
    public async Task<StickyFinding?> FindAsync(StickyAttachment attachment, RangeSets ranges, CancellationToken cancellationToken)
    {
        var (configuration, interfaceName, pod, args) = attachment;
        var claims = configuration.Ipam.AllowsIpamClaims ? _claims ?? throw NoCluster() : null;
        var isSticky = ranges.Sets.Any(static set => set.Any(static range => range.Policy.IsSticky));
        var name = isSticky ? RequestedAddresses.Sticky(args) : null;
        ObjectFacts? found = null;
        // A name needs no pod, and who is no pod has no annotation.
        if ((claims is not null || (isSticky && name is null)) && facts is not null && pod is { Namespace: { } space, Name: { } podName })
            found = await ReadAsync(facts, pod, space, podName, cancellationToken);
        if (claims is not null && found is not null && await claims.FindAsync(found, pod, configuration.Network.Name, interfaceName, cancellationToken) is { } claim)
            return Of(Checked(claim, ranges), found.Machine);
        if (name is not null)
        {
            var within = pod.Namespace is null ? "" : Checked(pod.Namespace, CniArgs.PodNamespaceKey);
            return new StickyFinding(new StickyOwner(StickyKind.Name, within, Checked(name, RequestedAddresses.StickyKey)));
        }
        return isSticky && found is not null && OwnerOf(found, pod, pod.Namespace!, pod.Name!) is { } owner ? new StickyFinding(owner) : null;
    }

    private static CniException NoCluster() => InvalidConfiguration.Because(
        "ipam: allowPersistentIPs is about IPAMClaims of a Kubernetes cluster, and the store belongs to none; leave allowPersistentIPs out, or use the Kubernetes store");

    private static StickyFinding Of(IpamClaim claim, string? machine) => new(new StickyOwner(StickyKind.IPAMClaim, claim.Namespace, claim.Name) { Uid = claim.Uid })
    {
        Claim = claim,
        Requests = [.. claim.Requests.Select(text => RequestOf(claim, text))],
        Machine = machine,
    };

    private static IpamClaim Checked(IpamClaim claim, RangeSets ranges) => ranges.Sets.Count <= IpamClaim.MostAddresses
        ? claim
        : throw InvalidConfiguration.Because(
            $"{claim} can have {IpamClaim.MostAddresses} addresses, and the configuration gives {ranges.Sets.Count}; give one range set for each family, or leave allowPersistentIPs out");

    private static Address RequestOf(IpamClaim claim, string text) =>
        Address.TryParse(text.Split('/')[0], out var address) && (!text.Contains('/', StringComparison.Ordinal) || Prefix.TryParse(text, out _))
            ? address
            : throw new CniException(IpamErrorCode.RequestRefused, $"{claim} has \"{text}\" in ipRequests, which is no address", "wanted is one such as 10.1.0.5/24 or fd00::5/64");

    private static string Checked(string text, string key) =>
        StickyOwner.Check(text) is { } problem ? throw new CniException(CniErrorCode.InvalidEnvironment, $"CNI_ARGS: {key} is {problem}") : text;

    private static StickyOwner? OwnerOf(ObjectFacts found, AskingPod pod, string space, string podName)
    {
        if (found.Sticky is { } name)
        {
            return StickyOwner.Check(name) is { } problem
                ? throw new CniException(
                    IpamErrorCode.RequestRefused, $"the annotation {ObjectFacts.StickyAnnotation} of {pod} is {problem}", "correct it, or take it off the pod")
                : new StickyOwner(StickyKind.Name, space, name);
        }
        return found.Machine is { } machine ? new StickyOwner(StickyKind.VirtualMachine, space, machine)
            : found.StatefulSet is not null ? new StickyOwner(StickyKind.StatefulSet, space, podName)
            : null;
    }

    private static async Task<ObjectFacts> ReadAsync(IPodFacts facts, AskingPod pod, string space, string name, CancellationToken cancellationToken)
    {
        try
        {
            var found = await facts.ReadPodAsync(space, name, cancellationToken);
            return found is not null && (pod.Uid is null || found.Uids.Contains(pod.Uid, StringComparer.Ordinal))
                ? found
                : throw new CniException(CniErrorCode.TryAgainLater, $"whose addresses {pod} gets isn't known: the cluster has no such pod now", "see it with 'kubectl get pods -A'");
        }
        catch (StoreException e)
        {
            throw new StoreException($"{pod} can't be read, on which it depends whose addresses it gets: {e.Message}", e);
        }
    }
}
