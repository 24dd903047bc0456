using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ipam.Stores.Tests.Kubernetes.Support;

/// <summary>An authority that issues certificates for servers on this machine and for clients. All in PEM.</summary>
internal sealed class Issuer : IDisposable
{
    private readonly X509Certificate2 _authority;

    public Issuer(string name = "CN=an authority")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(2));
    }

    public string Pem => _authority.ExportCertificatePem();

    /// <summary>A server's, for 127.0.0.1 and <see cref="TestCertificates.ServerName"/>.</summary>
    public X509Certificate2 Server()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName(TestCertificates.ServerName);
        var (certificate, key) = Issue("CN=a server", "1.3.6.1.5.5.7.3.1", DateTimeOffset.UtcNow.AddDays(1), names.Build());
        using var pem = X509Certificate2.CreateFromPem(certificate, key);
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>A client's.</summary>
    public (string Certificate, string Key) Client(string name, DateTimeOffset? until = null) =>
        Issue($"CN={name}", "1.3.6.1.5.5.7.3.2", until ?? DateTimeOffset.UtcNow.AddDays(1), null);

    public void Dispose() => _authority.Dispose();

    private (string Certificate, string Key) Issue(string subject, string usage, DateTimeOffset until, X509Extension? names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        if (names is not null)
            request.CertificateExtensions.Add(names);
        using var certificate = request.Create(_authority, _authority.NotBefore, until, RandomNumberGenerator.GetBytes(8));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
