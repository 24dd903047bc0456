using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Testing.Servers;

/// <summary>An authority, a server and an administrator who trust one another. All in PEM.</summary>
public sealed class TestCertificates
{
    /// <summary>A name that only the server's certificate knows.</summary>
    public const string ServerName = "api.ipam.test";

    public TestCertificates()
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=ipam test authority", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-3), DateTimeOffset.UtcNow.AddYears(3));
        Authority = authority.ExportCertificatePem();

        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName(ServerName);
        (Server, ServerKey) = Issue(authority, "CN=kube-apiserver", "1.3.6.1.5.5.7.3.1", names.Build());
        (Admin, AdminKey) = Issue(authority, "O=system:masters, CN=test admin", "1.3.6.1.5.5.7.3.2", null);
    }

    public string Authority { get; }

    public string Server { get; }

    public string ServerKey { get; }

    public string Admin { get; }

    public string AdminKey { get; }

    private static (string Certificate, string Key) Issue(X509Certificate2 authority, string subject, string usage, X509Extension? names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        if (names is not null)
            request.CertificateExtensions.Add(names);
        using var certificate = request.Create(authority, authority.NotBefore, authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
