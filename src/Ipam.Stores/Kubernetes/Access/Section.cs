using System.Text;
using Ipam.Core.Stores;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ipam.Stores.Kubernetes.Access;

/// <summary>
/// A mapping of a kubeconfig, read by key. It knows its file and where it stands in it, so that a message names both. Paths in it count
/// from the file's folder.
/// </summary>
/// <param name="file">The kubeconfig file.</param>
/// <param name="name">Where it stands, such as <c>users[me].exec</c>; empty for the file as a whole.</param>
/// <param name="node">The mapping.</param>
internal sealed class Section(string file, string name, YamlNode? node)
{
    private readonly YamlMappingNode? _map = node as YamlMappingNode;

    /// <summary>The keys, in order.</summary>
    public IEnumerable<string> Keys => _map?.Children.Keys.OfType<YamlScalarNode>().Select(static key => key.Value ?? "") ?? [];

    /// <summary>The text of a key; null if it is missing or empty.</summary>
    public string? Text(string key) => Child(key) switch
    {
        null or YamlScalarNode { Value: null or "" } or YamlScalarNode { Style: ScalarStyle.Plain, Value: "~" or "null" } => null,
        YamlScalarNode scalar => scalar.Value,
        _ => throw Wrong(key, "is not a text"),
    };

    /// <summary>The text of a key that must be there.</summary>
    public string Required(string key) => Text(key) ?? throw Wrong(key, "is missing");

    /// <summary>Whether a key is true.</summary>
    public bool IsTrue(string key) => Text(key)?.ToLowerInvariant() switch
    {
        null or "false" => false,
        "true" => true,
        var other => throw Wrong(key, $"is '{other}', not true or false"),
    };

    /// <summary>The mapping of a key; null if it is missing.</summary>
    public Section? Map(string key) => Child(key) is YamlMappingNode map ? new Section(file, Full(key), map) : null;

    /// <summary>The mappings of a key's sequence.</summary>
    public IEnumerable<Section> Maps(string key) =>
        Child(key) is YamlSequenceNode items ? items.Select((item, i) => new Section(file, $"{Full(key)}[{i}]", item)) : [];

    /// <summary>The texts of a key's sequence.</summary>
    public IReadOnlyList<string> Texts(string key) =>
        Child(key) is YamlSequenceNode items ? [.. items.OfType<YamlScalarNode>().Select(static item => item.Value ?? "")] : [];

    /// <summary>The entry of a sequence of named things: what stands under <paramref name="kind"/> in the one with this name.</summary>
    public Section? Named(string list, string kind, string wanted)
    {
        foreach (var entry in Maps(list))
        {
            if (entry.Text("name") == wanted)
                return new Section(file, $"{list}[{wanted}]", entry.Child(kind));
        }
        return null;
    }

    /// <summary>What <paramref name="key"/> with "-data" behind has in base 64, or the file that <paramref name="key"/> names; null for neither.</summary>
    public SecretText? DataOrFile(string key)
    {
        if (Text($"{key}-data") is not { } data)
            return File(key);
        try
        {
            return SecretText.Of(Origin($"{key}-data"), Encoding.UTF8.GetString(Convert.FromBase64String(data)));
        }
        catch (FormatException e)
        {
            throw Wrong($"{key}-data", "is not base 64", e);
        }
    }

    /// <summary>The file that a key names; null if it names none.</summary>
    public SecretText? File(string key) => Text(key) is { } path ? SecretText.InFile(Origin(key), FullPath(path)) : null;

    /// <summary>The text that stands under a key; null if it is missing.</summary>
    public SecretText? Inline(string key) => Text(key) is { } text ? SecretText.Of(Origin(key), text) : null;

    /// <summary>A path as it counts from the file's folder.</summary>
    public string FullPath(string path) => Path.GetFullPath(path, Path.GetDirectoryName(Path.GetFullPath(file))!);

    /// <summary>The failure that a key's value, or its lack, is.</summary>
    public StoreException Wrong(string key, string what, Exception? inner = null) =>
        new($"the kubeconfig {file} can't be used: {Full(key)} {what}; try it with 'kubectl --kubeconfig {file} get ippools'", inner);

    private string Origin(string key) => $"{Full(key)} of the kubeconfig {file}";

    private string Full(string key) => name.Length == 0 ? key : key.Length == 0 ? name : $"{name}.{key}";

    private YamlNode? Child(string key) => _map is not null && _map.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;
}
