using System.Net;

namespace Ipam.Web.Options;

/// <summary>What ipam-web is told.</summary>
internal sealed record WebOptions
{
    /// <summary>The store's URL.</summary>
    public required string Store { get; init; }

    /// <summary>Where to listen.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, DefaultPort);

    /// <summary>Who may look.</summary>
    public AuthKind Auth { get; init; }

    /// <summary>The site's path: empty, or one that begins with a slash and ends without one.</summary>
    public string BasePath { get; init; } = "";

    /// <summary>Names of this host, beside those of the loopback interface, under which a browser may ask for it there.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Where the ipamd of this machine keeps its history, for a store that keeps none.</summary>
    public string NodeHistory { get; init; } = "";

    /// <summary>The port where none is given.</summary>
    public const int DefaultPort = 9180;
}

/// <summary>Who may look.</summary>
internal enum AuthKind
{
    /// <summary>Whoever reaches it.</summary>
    None,

    /// <summary>Who has a token of the cluster, and may list our objects there.</summary>
    Kubernetes,
}
