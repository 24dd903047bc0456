using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ipam.Stores.Kubernetes.Access;

/// <summary>Certificates and keys in PEM (RFC 7468).</summary>
internal static class PemFiles
{
    /// <summary>All certificates in a text.</summary>
    /// <exception cref="CryptographicException">There is none.</exception>
    public static X509Certificate2Collection Certificates(string pem)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(pem);
        return certificates.Count > 0 ? certificates : throw new CryptographicException("no certificate in PEM found");
    }

    /// <summary>A certificate with its key.</summary>
    /// <exception cref="CryptographicException">Either isn't there, or they don't belong together.</exception>
    public static X509Certificate2 WithKey(string certificatePem, string keyPem) => X509Certificate2.CreateFromPem(certificatePem, keyPem);
}
