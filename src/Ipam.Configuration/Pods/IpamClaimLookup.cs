using Cni.Protocol;
using Ipam.Configuration.Ranges;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Configuration.Pods;

/// <summary>Finds the IPAMClaim that a pod names for an attachment, and holds it to what it is for.</summary>
internal sealed class IpamClaimLookup(IIpamClaims claims)
{
    /// <summary>The claim; null if the pod names none.</summary>
    /// <param name="facts">What is known of the pod.</param>
    /// <param name="pod">The pod.</param>
    /// <param name="network">The network's name.</param>
    /// <param name="interfaceName">The interface; null if it isn't known.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="CniException">There is no such claim (code 11), or it is for something else (code 101).</exception>
    /// <exception cref="StoreException">It can't be read.</exception>
    public async Task<IpamClaim?> FindAsync(ObjectFacts facts, AskingPod pod, string network, string? interfaceName, CancellationToken cancellationToken)
    {
        if (facts.Networks is not { } annotation || NetworkSelection.Read(annotation, $"{pod}").ClaimFor(network, interfaceName) is not { } name)
            return null;
        var what = $"IPAMClaim {pod.Namespace}/{name}";
        var claim = await ReadAsync(what, pod.Namespace!, name, cancellationToken) ?? throw new CniException(
            CniErrorCode.TryAgainLater, $"there is no {what}, which {pod} names for network {network}{Of(interfaceName)}",
            $"make it, or take it out of the pod's annotation {ObjectFacts.NetworksAnnotation}");
        if (claim.Network == network && (claim.InterfaceName.Length == 0 || interfaceName is null || claim.InterfaceName == interfaceName))
            return claim;
        // Who doesn't know the interface has guessed.
        return interfaceName is null
            ? null
            : throw new CniException(
                IpamErrorCode.RequestRefused, $"{what} is for network {claim.Network}{Of(claim.InterfaceName)}, and {pod} names it for network {network}{Of(interfaceName)}",
                "name the claim for this network and interface; what a claim is for can't be changed, but a new one can be made");
    }

    private static string Of(string? interfaceName) => string.IsNullOrEmpty(interfaceName) ? "" : $", interface {interfaceName}";

    private async Task<IpamClaim?> ReadAsync(string what, string @namespace, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await claims.ReadAsync(@namespace, name, cancellationToken);
        }
        catch (StoreException e)
        {
            throw new StoreException($"{what} can't be read, whose addresses are asked for: {e.Message}", e);
        }
    }
}
