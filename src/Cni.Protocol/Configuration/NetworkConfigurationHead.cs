using System.Text.Json;

namespace Cni.Protocol;

/// <summary>
/// What every plugin must know of its stdin, read in one pass without a DOM: the network's name, the version, and texts asked for by
/// key. The whole input is checked all the same, by the rules that <see cref="NetworkConfiguration"/> shares.
/// </summary>
public sealed class NetworkConfigurationHead
{
    private readonly ConfigurationKey[] _keys;
    private readonly string?[] _texts;

    private NetworkConfigurationHead(string name, string versionText, string? type, ConfigurationKey[] keys, string?[] texts)
    {
        (Name, VersionText, Type) = (name, versionText, type);
        (_keys, _texts) = (keys, texts);
    }

    /// <summary>The network's name; a valid one.</summary>
    public string Name { get; }

    /// <summary><c>cniVersion</c> as given, empty when absent; not yet checked. See <see cref="EnsureAllows"/>.</summary>
    public string VersionText { get; }

    /// <summary>The plugin's type, or null when absent.</summary>
    public string? Type { get; }

    /// <summary>The text, or the number or truth value as it is written, at one of the keys given to <see cref="Parse"/>; null when it is absent or null.</summary>
    public string? Text(ConfigurationKey key)
    {
        var index = Array.IndexOf(_keys, key);
        return index >= 0 ? _texts[index] : throw new ArgumentException("not one of the keys that were read", nameof(key));
    }

    /// <summary>
    /// The configuration's version, which must be supported and have the verb; see <see cref="CniVersion.EnsureAllows"/>.
    /// </summary>
    public CniVersion EnsureAllows(CniCommand command) => CniVersion.EnsureAllows(command, VersionText);

    /// <summary>
    /// Reads a plugin's stdin. Keys match in any case, the last of equal keys counts, null is the same as nothing, unknown keys are
    /// passed over. Throws <see cref="CniException"/>: code 6 for anything but one JSON object (nothing may follow it), or a value
    /// of the wrong type at <c>name</c>, <c>cniVersion</c>, <c>type</c>, <c>ipam</c> or one of the keys; code 7 for a missing or
    /// invalid name.
    /// </summary>
    public static NetworkConfigurationHead Parse(ReadOnlySpan<byte> stdin, params ReadOnlySpan<ConfigurationKey> keys)
    {
        try
        {
            var slots = new ConfigurationSlot[keys.Length];
            var reader = new HeadReader(stdin, keys, slots);
            reader.Read();
            return new NetworkConfigurationHead(
                reader.Name, reader.VersionText, reader.Type, keys.ToArray(), Array.ConvertAll(slots, slot => slot.Text));
        }
        catch (JsonException e)
        {
            throw JsonKeys.Undecodable(JsonSubject.Configuration, StrictJson.Explain(e));
        }
    }
}
