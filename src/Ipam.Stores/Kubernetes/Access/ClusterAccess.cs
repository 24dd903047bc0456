using System.Net;

namespace Ipam.Stores.Kubernetes.Access;

/// <summary>Where the API server is, how it is known to be the right one, and who we are.</summary>
/// <param name="Server">The server's base URL, ending in a slash.</param>
/// <param name="Credentials">Who we are.</param>
internal sealed record ClusterAccess(Uri Server, Credentials Credentials)
{
    /// <summary>The authorities that may vouch for the server; null for those of the system.</summary>
    public Authorities? Authorities { get; init; }

    /// <summary>Whether anyone may be the server.</summary>
    public bool IsInsecure { get; init; }

    /// <summary>The name that the server's certificate must have; null for that of the URL.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>The proxy that leads to the server; null for none.</summary>
    public WebProxy? Proxy { get; init; }

    /// <summary>Headers by which we ask to be taken for another user.</summary>
    public IReadOnlyDictionary<string, string> Impersonation { get; init; } = new Dictionary<string, string>();

    /// <summary>The namespace that we belong to; null if none is known.</summary>
    public string? Namespace { get; init; }

    /// <summary>The server, in messages.</summary>
    public string Description => $"the Kubernetes API server {Server.GetLeftPart(UriPartial.Path).TrimEnd('/')}";
}
