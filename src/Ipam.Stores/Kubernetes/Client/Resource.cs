namespace Ipam.Stores.Kubernetes.Client;

/// <summary>A kind of object that the API server keeps: where it is.</summary>
/// <param name="group">The API group; empty for the core.</param>
/// <param name="version">The API version.</param>
/// <param name="plural">The name in paths.</param>
/// <param name="space">The namespace; null for objects of the cluster.</param>
internal abstract class Resource(string group, string version, string plural, string? space = null)
{
    /// <summary>Our API group.</summary>
    public const string OurGroup = "ipamsuite.dev";

    /// <summary>The version of it that this program reads and writes.</summary>
    public const string OurVersion = "v1alpha1";

    /// <summary>The name in paths.</summary>
    public string Plural => plural;

    /// <summary>Group and version, as objects name them.</summary>
    public string ApiVersion { get; } = group.Length == 0 ? version : $"{group}/{version}";

    /// <summary>The path of the collection.</summary>
    public string Path { get; } =
        $"{(group.Length == 0 ? "api" : $"apis/{group}")}/{version}{(space is null ? "" : $"/namespaces/{Uri.EscapeDataString(space)}")}/{plural}";

    /// <summary>Whether only the metadata of objects are read.</summary>
    public virtual bool IsMetadataOnly => false;

    /// <summary>Whether the server shall refuse an object with a field that its definition doesn't have. Else it drops the field.</summary>
    public virtual bool IsStrict => false;

    /// <summary>What defines the kind where the server doesn't know it.</summary>
    public virtual string DefinedBy => "deploy/kubernetes/crds";

    /// <summary>Whether an object can have this name: one segment of a path (kubernetes.io, "Object Names and IDs", "Path Segment Names").</summary>
    public static bool IsName(string text) => text is not ("" or "." or "..") && !text.AsSpan().ContainsAny('/', '%');

    /// <summary>The path of an object.</summary>
    public string PathOf(string name) => $"{Path}/{Uri.EscapeDataString(name)}";

    /// <summary>As in messages of the API server: plural and group.</summary>
    public override string ToString() => group.Length == 0 ? plural : $"{plural}.{group}";
}
