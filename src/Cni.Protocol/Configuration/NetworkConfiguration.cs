using System.Text.Json;

namespace Cni.Protocol;

/// <summary>
/// A plugin's whole stdin. Base keys are checked when it is parsed; everything else when it is asked for, so that a DEL doesn't fail
/// over a value it never needs. Safe for use by several threads at once.
/// </summary>
public sealed class NetworkConfiguration
{
    private readonly NetworkConfigurationHead _head;
    private CniResult? _prevResult;

    private NetworkConfiguration(NetworkConfigurationHead head, JsonElement root, ReadOnlyMemory<byte> bytes) =>
        (_head, Root, Bytes) = (head, root, bytes);

    /// <summary>The network's name; a valid one.</summary>
    public string Name => _head.Name;

    /// <summary><c>cniVersion</c> as given, empty when absent.</summary>
    public string VersionText => _head.VersionText;

    /// <summary>The version, which must be one that is supported: throws <see cref="CniException"/>, code 1, otherwise.</summary>
    public CniVersion Version => CniVersion.EnsureSupported(VersionText);

    /// <summary>The plugin's type, or null when absent.</summary>
    public string? Type => _head.Type;

    /// <summary>The input itself, byte for byte: what a delegate is given.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The whole object; read it through <see cref="JsonKeys"/>.</summary>
    public JsonElement Root { get; }

    /// <summary><c>ipam</c>, or null when absent.</summary>
    public JsonElement? Ipam => Root.GetObject("ipam");

    /// <summary><c>runtimeConfig</c>: the values of capabilities. Null when absent; throws code 6 when it isn't an object.</summary>
    public JsonElement? RuntimeConfig => Root.GetObject("runtimeConfig");

    /// <summary><c>args</c>. Null when absent; throws code 6 when it isn't an object.</summary>
    public JsonElement? Args => Root.GetObject("args");

    /// <summary>
    /// <c>dns</c>, or null when it gives nothing: it is absent, or has neither a domain nor any list. An empty list is something.
    /// Throws code 6 for a wrong type.
    /// </summary>
    public CniDns? Dns => CniResult.ReadDns(Root);

    /// <summary>
    /// <c>prevResult</c>, or null when absent. Throws <see cref="CniException"/>, code 6, when it can't be decoded or its version
    /// isn't of the same family as the configuration's (0.1.0-0.2.0, 0.3.0-0.4.0, 1.0.0-1.1.0), and code 1 for an unknown version
    /// of the configuration. A DEL should treat a broken one as absent.
    /// </summary>
    public CniResult? PrevResult
    {
        get
        {
            if (_prevResult is null && Root.TryGetKey("prevResult", out var json))
                _prevResult = CniResultReader.ReadPrevResult(json, Version);
            return _prevResult;
        }
    }

    /// <summary>GC's list. Throws code 6 for a wrong type, code 7 for an entry without container id or interface.</summary>
    public ValidAttachments ValidAttachments => ValidAttachmentsReader.Read(Root);

    /// <summary>
    /// The text at a key, as <see cref="NetworkConfigurationHead.Text"/> gives it. Null when absent or null; throws code 6 when the
    /// object isn't one or the value isn't a text.
    /// </summary>
    public string? Text(ConfigurationKey key) => Root.GetObject(key.Parent)?.GetText(key.Name);

    /// <summary>
    /// The configuration's version, which must be supported and have the verb; see <see cref="CniVersion.EnsureAllows"/>.
    /// </summary>
    public CniVersion EnsureAllows(CniCommand command) => _head.EnsureAllows(command);

    /// <summary>Reads a plugin's stdin; rules and errors are those of <see cref="NetworkConfigurationHead.Parse"/>.</summary>
    /// <param name="stdin">The input; must not change afterwards.</param>
    public static NetworkConfiguration Parse(ReadOnlyMemory<byte> stdin) => Parse(NetworkConfigurationHead.Parse(stdin.Span), stdin);

    /// <summary>Reads the rest of an input whose head has been read, and with that the whole of it been checked.</summary>
    internal static NetworkConfiguration Parse(NetworkConfigurationHead head, ReadOnlyMemory<byte> stdin)
    {
        var json = StrictJson.Reader(stdin.Span);
        return new NetworkConfiguration(head, JsonElement.ParseValue(ref json), stdin);
    }
}
