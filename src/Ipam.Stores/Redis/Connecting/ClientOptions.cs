using System.Security.Authentication;
using System.Security.Cryptography;
using StackExchange.Redis;

namespace Ipam.Stores.Redis.Connecting;

/// <summary>What the client library is told.</summary>
internal static class ClientOptions
{
    /// <summary>For a connection to the server itself.</summary>
    /// <exception cref="Core.Stores.StoreException">The library can't do what is asked.</exception>
    public static ConfigurationOptions ForServer(RedisStoreOptions options, RedisErrors errors, string host, int port)
    {
        var client = Basic(options);
        client.EndPoints.Add(host, port);
        client.User = options.User;
        client.Password = options.Password;
        // No messages between clients are used, and thus no second connection for them.
        client.CommandMap = CommandMap.Create(new HashSet<string> { "SUBSCRIBE", "PSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE" }, available: false);
        UseTls(client, options, errors, host);
        return client;
    }

    /// <summary>For a question to a Sentinel.</summary>
    public static ConfigurationOptions ForSentinel(RedisStoreOptions options, RedisErrors errors, string host, int port)
    {
        var client = Basic(options);
        client.EndPoints.Add(host, port);
        client.CommandMap = CommandMap.Sentinel;
        UseTls(client, options, errors, host);
        return client;
    }

    private static ConfigurationOptions Basic(RedisStoreOptions options) => new()
    {
        ClientName = "ipam",
        AbortOnConnectFail = true,
        ConnectRetry = 1,
        ConnectTimeout = (int)options.ConnectTimeout.TotalMilliseconds,
        AsyncTimeout = (int)options.CallTimeout.TotalMilliseconds,
        // Nothing is kept for later: what can't be sent now fails now.
        BacklogPolicy = BacklogPolicy.FailFast,
        // Short messages: the client would add pages of its own state.
        IncludeDetailInExceptions = false,
        SetClientLibrary = false,
        // For CONFIG GET.
        AllowAdmin = true,
        ReconnectRetryPolicy = new LinearRetry(100),
        KeepAlive = 5,
        TieBreaker = "",
        ConfigurationChannel = "",
    };

    private static void UseTls(ConfigurationOptions client, RedisStoreOptions options, RedisErrors errors, string host)
    {
        if (!options.UsesTls)
            return;
        client.Ssl = true;
        client.SslHost = host;
        client.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        if (options.CertificateAuthorityFile is not { } file)
            return;
        try
        {
            var certificate = new ServerCertificate(file);
            client.CertificateValidation += (_, found, _, problems) => certificate.IsTrusted(found, problems);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw errors.Refuse($"the authorities' certificates can't be read: {e.Message} Correct ca in the store's URL.");
        }
    }
}
