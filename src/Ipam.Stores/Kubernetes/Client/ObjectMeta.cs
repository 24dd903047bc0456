using System.Globalization;
using System.Text.Json;

namespace Ipam.Stores.Kubernetes.Client;

/// <summary>What the server says about an object as such.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its identity: another one if the object is deleted and created anew.</param>
/// <param name="ResourceVersion">Its version, another one after every change.</param>
/// <param name="Generation">Grows with every change of its spec.</param>
/// <param name="CreatedAt">When it was created; whole seconds.</param>
/// <param name="Written">What we noted with <see cref="WrittenAnnotation"/>; empty for nothing.</param>
internal sealed record ObjectMeta(string Name, string Uid, long ResourceVersion, long Generation, DateTimeOffset CreatedAt, string Written)
{
    /// <summary>The annotation by which a write that changes nothing else is a change all the same.</summary>
    public const string WrittenAnnotation = "ipamsuite.dev/written";

    /// <summary>Reads the metadata of an object.</summary>
    /// <exception cref="InvalidDataException">It is no object of the API.</exception>
    public static ObjectMeta Of(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("metadata", out var metadata) || metadata.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException("an object without metadata");
        var name = Text(metadata, "name");
        var versionText = Text(metadata, "resourceVersion");
        if (!long.TryParse(versionText, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            throw new InvalidDataException($"the resourceVersion of {name} is '{versionText}', not a number");
        var generation = metadata.TryGetProperty("generation", out var number) && number.TryGetInt64(out var value) ? value : 0;
        var createdAt = metadata.TryGetProperty("creationTimestamp", out var time) && time.ValueKind == JsonValueKind.String ? time.GetDateTimeOffset() : default;
        var written = metadata.TryGetProperty("annotations", out var annotations) && annotations.ValueKind == JsonValueKind.Object ? Text(annotations, WrittenAnnotation) : "";
        return new ObjectMeta(name, Text(metadata, "uid"), version, generation, createdAt, written);
    }

    private static string Text(JsonElement metadata, string property) =>
        metadata.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
