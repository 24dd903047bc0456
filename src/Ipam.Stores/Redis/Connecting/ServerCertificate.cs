using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ipam.Stores.Redis.Connecting;

/// <summary>Checks a server's certificate against authorities of one's own.</summary>
internal sealed class ServerCertificate
{
    private readonly X509Certificate2Collection _authorities = [];

    /// <summary>Reads the authorities.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="CryptographicException">It holds no certificate.</exception>
    public ServerCertificate(string file)
    {
        _authorities.ImportFromPemFile(file);
        if (_authorities.Count == 0)
            throw new CryptographicException($"'{file}' holds no certificate in PEM");
    }

    /// <summary>Whether the certificate is for the name that was asked for, is valid now, and was signed by one of the authorities.</summary>
    public bool IsTrusted(X509Certificate? certificate, SslPolicyErrors errors)
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var copy = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(copy);
    }
}
