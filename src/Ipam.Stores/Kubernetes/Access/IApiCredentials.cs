using System.Security.Cryptography.X509Certificates;

namespace Ipam.Stores.Kubernetes.Access;

/// <summary>Has the credential that is valid now. May be called from several threads at once.</summary>
internal interface IApiCredentials : IDisposable
{
    /// <summary>The certificate that new connections show; null for none.</summary>
    X509Certificate2? Certificate { get; }

    /// <summary>The credential.</summary>
    /// <param name="anew">Whether the server refused the one that was given last.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    ValueTask<Credential> GetAsync(bool anew, CancellationToken cancellationToken);
}
