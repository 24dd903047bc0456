using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Ipam.Stores.Kubernetes.Access;

/// <summary>Makes the connections of a client.</summary>
internal static class HandlerFactory
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Longer than that no connection is used, so that servers that were added behind a load balancer get their share.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public static SocketsHttpHandler Create(ClusterAccess access, KubernetesStoreOptions options) => new()
    {
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionIdleTimeout = IdleTimeout,
        PooledConnectionLifetime = Lifetime,
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = KeepAlive,
        KeepAlivePingTimeout = options.ConnectTimeout,
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        SslOptions = Tls(access),
    };

    private static SslClientAuthenticationOptions Tls(ClusterAccess access)
    {
        var options = new SslClientAuthenticationOptions
        {
            // Asked for each new connection, so that a renewed certificate is shown.
            LocalCertificateSelectionCallback = (_, _, _, _, _) => access.Credentials.Certificate!,
        };
        if (access.IsInsecure)
        {
            options.RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null;
        }
        else if (access.Authorities is { } authorities)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            options.CertificateChainPolicy = policy;
        }
        return options;
    }
}
