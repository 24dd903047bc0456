namespace Ipam.Stores.Kubernetes.Client;

/// <summary>A request to the API server.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Verb">What the API server calls it when it judges whether we may.</param>
/// <param name="Kind">The kind of object it is about.</param>
/// <param name="Path">Path and query.</param>
internal sealed record ApiRequest(HttpMethod Method, string Verb, Resource Kind, string Path)
{
    /// <summary>The body; empty for none.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The media type of the body.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>The media type of the answer.</summary>
    public string Accept { get; init; } = "application/json";

    /// <summary>Whether doing it twice does no harm.</summary>
    public bool IsRead => Method == HttpMethod.Get;
}
