namespace Net.Plugin.Namespaces;

/// <summary>A path that should lead to a network namespace does not.</summary>
internal sealed class NamespaceException(string path, string reason) : HostException($"failed to open netns \"{path}\": {reason}")
{
    public string Path { get; } = path;
}
