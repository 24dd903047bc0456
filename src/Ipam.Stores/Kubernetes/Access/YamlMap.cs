using YamlDotNet.RepresentationModel;

namespace Ipam.Stores.Kubernetes.Access;

/// <summary>A YAML mapping, read by key. A missing mapping has no keys.</summary>
internal readonly struct YamlMap(YamlNode? node)
{
    private readonly YamlMappingNode? _map = node as YamlMappingNode;

    /// <summary>Whether there is no such mapping.</summary>
    public bool IsMissing => _map is null;

    /// <summary>The text of a key; null if it is missing or empty.</summary>
    public string? Text(string key) => Child(key) is YamlScalarNode { Value: { Length: > 0 } value } ? value : null;

    /// <summary>Whether a key is true.</summary>
    public bool IsTrue(string key) => string.Equals(Text(key), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The mapping of a key.</summary>
    public YamlMap Map(string key) => new(Child(key));

    /// <summary>The mappings of a key's sequence.</summary>
    public IEnumerable<YamlMap> Maps(string key) => Child(key) is YamlSequenceNode items ? items.Select(static item => new YamlMap(item)) : [];

    /// <summary>The texts of a key's sequence.</summary>
    public IEnumerable<string> Texts(string key) =>
        Child(key) is YamlSequenceNode items ? items.OfType<YamlScalarNode>().Select(static item => item.Value ?? "") : [];

    private YamlNode? Child(string key) => _map is not null && _map.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;
}
