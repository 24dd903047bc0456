using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IpamSuite.Shared;
using StackExchange.Redis;

namespace Ipam.Stores.Redis.Connecting;

/// <summary>What the client library is told.</summary>
internal static class ClientOptions
{
    /// <summary>Some fifty times what all authorities have that a system trusts.</summary>
    private const int MostBytesOfAuthorities = 16 << 20;

    /// <summary>For a connection to the master, or to the cluster.</summary>
    /// <exception cref="Core.Stores.StoreException">The authorities' certificates can't be read.</exception>
    public static ConfigurationOptions ForServers(RedisStoreOptions options, RedisErrors errors, IEnumerable<(string Host, int Port)> hosts)
    {
        var client = Basic(options, errors, hosts);
        client.User = options.User;
        client.Password = options.Password;
        // No messages between clients are used, and thus no second connection for them.
        client.CommandMap = CommandMap.Create(new HashSet<string> { "SUBSCRIBE", "PSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE", "SENTINEL" }, available: false);
        return client;
    }

    /// <summary>For a question to a Sentinel.</summary>
    /// <exception cref="Core.Stores.StoreException">The authorities' certificates can't be read.</exception>
    public static ConfigurationOptions ForSentinel(RedisStoreOptions options, RedisErrors errors, (string Host, int Port) host)
    {
        var client = Basic(options, errors, [host]);
        client.User = options.SentinelUser;
        client.Password = options.SentinelPassword;
        client.CommandMap = CommandMap.Sentinel;
        return client;
    }

    private static ConfigurationOptions Basic(RedisStoreOptions options, RedisErrors errors, IEnumerable<(string Host, int Port)> hosts)
    {
        var client = new ConfigurationOptions
        {
            ClientName = "ipam",
            AbortOnConnectFail = true,
            ConnectRetry = 1,
            ConnectTimeout = (int)options.ConnectTimeout.TotalMilliseconds,
            // Every call has a deadline of our own; this one only rids the client of what nobody waits for any more.
            AsyncTimeout = (int)options.CallTimeout.TotalMilliseconds,
            ReconnectRetryPolicy = new LinearRetry(100),
            KeepAlive = 5,
            TieBreaker = "",
            ConfigurationChannel = "",
            // Nothing is kept for later: what can't be sent now fails now.
            BacklogPolicy = BacklogPolicy.FailFast,
            Protocol = options.UsesOldProtocol ? RedisProtocol.Resp2 : null,
            // Short messages: the client would add pages of its own state.
            IncludeDetailInExceptions = false,
            SetClientLibrary = false,
            // For CONFIG GET.
            AllowAdmin = true,
        };
        foreach (var (host, port) in hosts)
            client.EndPoints.Add(host, port);
        if (options.UsesTls)
            UseTls(client, options, errors);
        return client;
    }

    // The name that a certificate must have is that of the host that the connection is to.
    private static void UseTls(ConfigurationOptions client, RedisStoreOptions options, RedisErrors errors)
    {
        client.Ssl = true;
        client.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        if (options.CertificateAuthorityFile is not { } file)
            return;
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPem(Encoding.ASCII.GetString(UnixFile.Read(file, MostBytesOfAuthorities, followLink: true)));
            if (authorities.Count == 0)
                throw new CryptographicException($"'{file}' holds no certificate in PEM");
            client.CheckCertificateRevocation = false;
            client.CertificateValidation += (_, certificate, _, problems) => IsTrusted(certificate, problems, authorities);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or CryptographicException)
        {
            throw errors.Refuse($"the authorities' certificates can't be read: {e.Message.TrimEnd('.')}. Correct ca in the store's URL.");
        }
    }

    /// <summary>Whether the certificate is for the name that was asked for, is valid now, and was signed by one of the authorities.</summary>
    private static bool IsTrusted(X509Certificate? certificate, SslPolicyErrors problems, X509Certificate2Collection authorities)
    {
        if (certificate is null || (problems & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var copy = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(copy);
    }
}
