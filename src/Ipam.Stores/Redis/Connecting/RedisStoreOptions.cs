using Ipam.Core.History;

namespace Ipam.Stores.Redis.Connecting;

/// <summary>How to reach a Redis server or cluster, and what is asked of it.</summary>
public sealed record RedisStoreOptions
{
    /// <summary>
    /// The server; or a master and its replicas; or nodes of a cluster, which name the others; or the Sentinels that know where the master
    /// is. Host names or addresses with ports, at least one.
    /// </summary>
    public required IReadOnlyList<(string Host, int Port)> Hosts { get; init; }

    /// <summary>The user of the server's access control list; null for the default user.</summary>
    public string? User { get; init; }

    /// <summary>The password; null for none.</summary>
    public string? Password { get; init; }

    /// <summary>The number of the database; a cluster has 0 only.</summary>
    public int Database { get; init; }

    /// <summary>Whether the connection is encrypted.</summary>
    public bool UsesTls { get; init; }

    /// <summary>A file in PEM with the certificates of those who may have signed the server's; null for those that the system trusts.</summary>
    public string? CertificateAuthorityFile { get; init; }

    /// <summary>The name under which the Sentinels know the master; null if <see cref="Hosts"/> are no Sentinels.</summary>
    public string? SentinelName { get; init; }

    /// <summary>The user of the Sentinels' own access control list; null for their default user.</summary>
    public string? SentinelUser { get; init; }

    /// <summary>The Sentinels' own password; null for none.</summary>
    public string? SentinelPassword { get; init; }

    /// <summary>Whether to speak the older protocol, RESP2, also with servers that know the newer one.</summary>
    public bool UsesOldProtocol { get; init; }

    /// <summary>How many replicas must have a commit before it counts as written; 0 for none.</summary>
    public int Replicas { get; init; }

    /// <summary>How long to wait for a connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait for an answer, whatever the caller would wait.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a commit waits for <see cref="Replicas"/>.</summary>
    public TimeSpan ReplicaTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Blocks read in one go, and thus of one instant, by a listing.</summary>
    public int BlocksPerPage { get; init; } = 16;

    /// <summary>How much is kept of which leases there were.</summary>
    public HistoryBounds History { get; init; } = HistoryBounds.Usual;

    /// <summary>Whether what is too old is thrown away with each commit: services do that, as only they know how long it is to be kept.</summary>
    public bool ForgetsHistory { get; init; } = true;

    /// <summary>The clock for time-outs and for when a pool was created.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The URL without user and password.</summary>
    public string Description
    {
        get
        {
            var url = $"{(UsesTls ? "rediss" : "redis")}://{string.Join(',', Hosts.Select(HostText))}/{Database}";
            return SentinelName is { } name ? $"{url}?sentinel={name}" : url;
        }
    }

    private static string HostText((string Host, int Port) server) =>
        server.Host.Contains(':', StringComparison.Ordinal) ? $"[{server.Host}]:{server.Port}" : $"{server.Host}:{server.Port}";
}
