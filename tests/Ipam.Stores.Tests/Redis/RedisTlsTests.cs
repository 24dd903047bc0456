using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ipam.Core.Stores;
using Ipam.Stores.Redis;
using Ipam.Stores.Redis.Connecting;

namespace Ipam.Stores.Tests.Redis;

/// <summary>An encrypted connection.</summary>
public sealed class RedisTlsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public RedisTlsTests() => Write(_folder, "server", "127.0.0.1");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_certificate_that_is_trusted_by_name_is_accepted()
    {
        using var server = await StartAsync();
        await using var store = await RedisServer.OpenAsync(server.Options with { UsesTls = true, CertificateAuthorityFile = _folder.Combine("server.pem") });

        Assert.Null(await store.Leaders.FindAsync("gc", default));
        Assert.StartsWith("rediss://", store.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("other.pem", false)]
    [InlineData("server.pem", true)]
    public async Task A_certificate_of_somebody_else_or_for_another_name_is_refused(string? authorities, bool otherName)
    {
        Write(_folder, "other", "127.0.0.1");
        if (otherName)
            Write(_folder, "server", "127.0.0.2");
        using var server = await StartAsync();
        await using var store = new RedisStore(server.Options with
        {
            UsesTls = true,
            CertificateAuthorityFile = authorities is null ? null : _folder.Combine(authorities),
            ConnectTimeout = TimeSpan.FromSeconds(1),
        });

        var error = await Assert.ThrowsAsync<StoreException>(() => store.OpenAsync(default));

        Assert.Contains("failed to connect", error.Message, StringComparison.Ordinal);
        Assert.True(error.Message.Contains("certificate isn't trusted", StringComparison.Ordinal), error.ToString());
    }

    [Fact]
    public async Task Authorities_that_cant_be_read_are_named()
    {
        foreach (var file in new[] { _folder.Combine("none.pem"), _folder.Combine("server.key") })
        {
            await using var store = new RedisStore(new RedisStoreOptions { Hosts = [("127.0.0.1", 1)], UsesTls = true, CertificateAuthorityFile = file });
            var error = await Assert.ThrowsAsync<StoreException>(() => store.OpenAsync(default));
            Assert.Contains("the authorities' certificates can't be read: ", error.Message, StringComparison.Ordinal);
            Assert.Contains(file, error.Message, StringComparison.Ordinal);
        }
    }

    private async Task<RedisServer> StartAsync()
    {
        var server = new RedisServer("--tls-cert-file", _folder.Combine("server.pem"), "--tls-key-file", _folder.Combine("server.key"), "--tls-auth-clients", "no");
        server.UseTlsOnly();
        await server.StartAsync();
        return server;
    }

    /// <summary>A certificate that signed itself, and its key.</summary>
    internal static void Write(TempFolder folder, string name, string address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(folder.Combine($"{name}.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(folder.Combine($"{name}.key"), key.ExportPkcs8PrivateKeyPem());
    }
}
