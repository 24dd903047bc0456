using System.Security.Cryptography.X509Certificates;

namespace Ipam.Stores.Kubernetes.Access;

/// <summary>A credential that doesn't change.</summary>
internal sealed class FixedCredentials(Credential credential) : IApiCredentials
{
    public X509Certificate2? Certificate => credential.Certificate;

    public ValueTask<Credential> GetAsync(bool anew, CancellationToken cancellationToken) => ValueTask.FromResult(credential);

    public void Dispose() => credential.Certificate?.Dispose();
}
