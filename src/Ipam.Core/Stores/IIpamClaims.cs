namespace Ipam.Core.Stores;

/// <summary>
/// The IPAMClaims of a cluster (<c>k8s.cni.cncf.io/v1alpha1</c>), each as it is now, from the source of truth and not from a cache. Members may be called from several threads at once, and
/// throw <see cref="StoreException"/> when the cluster fails or refuses, and when it knows no such objects.
/// </summary>
public interface IIpamClaims
{
    /// <summary>A claim; null if there is none of that name.</summary>
    Task<IpamClaim?> ReadAsync(string @namespace, string name, CancellationToken cancellationToken);

    /// <summary>Writes a claim's status if the claim is as it was read.</summary>
    /// <returns>False if somebody changed it since, or it is gone. Nothing is then written.</returns>
    Task<bool> PutStatusAsync(IpamClaim claim, IpamClaimStatus status, CancellationToken cancellationToken);
}
