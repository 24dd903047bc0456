using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ipam.Core.Stores;

namespace Ipam.Stores.Kubernetes.Access;

/// <summary>Reads a client certificate with its key.</summary>
internal static class ClientCertificate
{
    /// <summary>The certificate of two texts in PEM; those behind the first one are shown with it, so that the server finds its authority.</summary>
    /// <exception cref="StoreException">Either can't be used, or they don't belong together.</exception>
    public static SslStreamCertificateContext Read(SecretText certificate, SecretText key)
    {
        var chain = certificate.ReadCertificates();
        X509Certificate2 leaf;
        try
        {
            leaf = X509Certificate2.CreateFromPem(chain[0].ExportCertificatePem(), key.Read());
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw key.Unusable($"{e.Message} (it must be the key of the certificate in {certificate.Origin})", e);
        }
        chain.RemoveAt(0);
        return SslStreamCertificateContext.Create(leaf, chain, offline: true);
    }

    /// <summary>Until when it is valid.</summary>
    public static DateTimeOffset EndOf(SslStreamCertificateContext certificate) => certificate.TargetCertificate.NotAfter.ToUniversalTime();
}
