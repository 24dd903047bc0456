namespace Ipam.Stores.Kubernetes.Client;

/// <summary>A kind of object that the API server keeps.</summary>
/// <param name="Group">The API group; empty for the core.</param>
/// <param name="Version">The API version.</param>
/// <param name="Plural">The name in paths.</param>
/// <param name="Namespace">The namespace; null for objects of the cluster.</param>
internal sealed record ResourceType(string Group, string Version, string Plural, string? Namespace = null)
{
    /// <summary>Group and version, as objects name them.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The path of the collection.</summary>
    public string Path { get; } =
        $"/{(Group.Length == 0 ? "api" : $"apis/{Group}")}/{Version}{(Namespace is null ? "" : $"/namespaces/{Uri.EscapeDataString(Namespace)}")}/{Plural}";

    /// <summary>The path of an object.</summary>
    public string PathOf(string name) => $"{Path}/{Uri.EscapeDataString(name)}";

    /// <summary>As in messages of the API server: plural and group.</summary>
    public override string ToString() => Group.Length == 0 ? Plural : $"{Plural}.{Group}";
}
