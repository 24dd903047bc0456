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
        client.Password = options.Password;
        // No messages between clients are used, and thus no second connection for them.
        client.CommandMap = CommandMap.Create(new HashSet<string> { "SUBSCRIBE", "PSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE" }, available: false);
        UseUser(client, options, errors);
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
        SyncTimeout = (int)options.CallTimeout.TotalMilliseconds,
        ReconnectRetryPolicy = new LinearRetry(100),
        KeepAlive = 5,
        TieBreaker = "",
        ConfigurationChannel = "",
    };

    // Version 1.2.6 of the library knows but the default user; newer ones have this property.
    private static void UseUser(ConfigurationOptions client, RedisStoreOptions options, RedisErrors errors)
    {
        if (options.User is not { } user || user == "default")
            return;
        if (typeof(ConfigurationOptions).GetProperty("User") is not { } property)
        {
            throw errors.Refuse(
                $"the user '{user}' can't log in: this build's Redis client knows the default user only. "
                + "Leave the user out and give the default user a password, or build with a newer RedisClientVersion.");
        }
        property.SetValue(client, user);
    }

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
