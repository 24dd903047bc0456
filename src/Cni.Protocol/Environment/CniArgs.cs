namespace Cni.Protocol;

/// <summary>
/// CNI_ARGS, <c>K=V;K2=V2</c>, by the reference library's rules: each part has exactly one <c>=</c>, keys match exactly, the last of
/// equal keys counts, and a key that the plugin doesn't know is an error unless <c>IgnoreUnknown</c> is true anywhere in the list.
/// </summary>
public sealed class CniArgs
{
    /// <summary>The key that makes unknown keys acceptable. Kubernetes' runtimes always send it.</summary>
    public const string IgnoreUnknown = "IgnoreUnknown";

    /// <summary>The pod's namespace.</summary>
    public const string PodNamespaceKey = "K8S_POD_NAMESPACE";

    /// <summary>The pod's name.</summary>
    public const string PodNameKey = "K8S_POD_NAME";

    /// <summary>The pod's uid.</summary>
    public const string PodUidKey = "K8S_POD_UID";

    /// <summary>The id of the pod's sandbox.</summary>
    public const string PodInfraContainerIdKey = "K8S_POD_INFRA_CONTAINER_ID";

    private readonly Dictionary<string, string> _values;

    private CniArgs(Dictionary<string, string> values) => _values = values;

    /// <summary>K8S_POD_NAMESPACE, or null.</summary>
    public string? PodNamespace => Text(PodNamespaceKey);

    /// <summary>K8S_POD_NAME, or null.</summary>
    public string? PodName => Text(PodNameKey);

    /// <summary>K8S_POD_UID, or null.</summary>
    public string? PodUid => Text(PodUidKey);

    /// <summary>K8S_POD_INFRA_CONTAINER_ID, or null.</summary>
    public string? PodInfraContainerId => Text(PodInfraContainerIdKey);

    /// <summary>The text of a key; null when it is absent or empty.</summary>
    public string? Text(string key) => _values.TryGetValue(key, out var value) && value.Length > 0 ? value : null;

    /// <summary>The texts of a key that are separated by commas; empty when it is absent, empty ones left out.</summary>
    public IReadOnlyList<string> List(string key) =>
        Text(key)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <summary>The flag of a key: 1, true, 0 or false in any case; false when it is absent. Throws code 4 for other texts.</summary>
    public bool Flag(string key) => _values.TryGetValue(key, out var value) && value.ToLowerInvariant() switch
    {
        "1" or "true" => true,
        "0" or "false" => false,
        _ => throw Invalid($"error parsing value of pair \"{key}={value}\"", "wanted 1, true, 0 or false"),
    };

    /// <summary>
    /// Reads CNI_ARGS; an empty text has no keys. The K8S_* keys and IgnoreUnknown are known without being given.
    /// Throws <see cref="CniException"/>, code 4.
    /// </summary>
    /// <param name="text">The variable's value.</param>
    /// <param name="knownKeys">The keys that the plugin understands.</param>
    public static CniArgs Parse(string text, params ReadOnlySpan<string> knownKeys)
    {
        var args = new CniArgs(new Dictionary<string, string>(StringComparer.Ordinal));
        if (text.Length == 0)
            return args;
        List<string>? unknown = null;
        foreach (var pair in text.Split(';'))
        {
            var parts = pair.Split('=');
            if (parts.Length != 2)
                throw Invalid($"invalid pair \"{pair}\"", "wanted K=V;K2=V2, with one = in each");
            args._values[parts[0]] = parts[1];
            if (!IsKnown(parts[0], knownKeys))
                (unknown ??= []).Add(pair);
        }
        var ignore = args.Flag(IgnoreUnknown);
        if (unknown is not null && !ignore)
            throw Invalid($"unknown args [\"{string.Join("\" \"", unknown)}\"]", "IgnoreUnknown=1 makes them acceptable");
        return args;
    }

    private static bool IsKnown(string key, ReadOnlySpan<string> knownKeys) =>
        key is IgnoreUnknown or PodNamespaceKey or PodNameKey or PodUidKey or PodInfraContainerIdKey || knownKeys.Contains(key);

    private static CniException Invalid(string message, string details) =>
        new(CniErrorCode.InvalidEnvironment, $"CNI_ARGS: {message}", details);
}
