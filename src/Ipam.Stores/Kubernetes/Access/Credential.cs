using System.Security.Cryptography.X509Certificates;

namespace Ipam.Stores.Kubernetes.Access;

/// <summary>What shows the API server who we are.</summary>
/// <param name="Token">A bearer token; null for none.</param>
/// <param name="Certificate">A client certificate with its key; null for none.</param>
internal sealed record Credential(string? Token, X509Certificate2? Certificate)
{
    /// <summary>Nobody in particular.</summary>
    public static Credential None { get; } = new(null, null);
}
