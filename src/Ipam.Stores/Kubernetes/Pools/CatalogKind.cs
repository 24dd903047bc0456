using System.Text.Json;
using Ipam.Stores.Blocks;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Pools;

/// <summary>A pool or a reservation as last heard of.</summary>
/// <param name="Meta">The object's metadata.</param>
/// <param name="Value">What it says; null if that makes no sense.</param>
/// <param name="Problem">Why it makes no sense; null if it does.</param>
internal sealed record CatalogEntry<T>(ObjectMeta Meta, T? Value, string? Problem)
    where T : class
{
    /// <summary>All of the metadata, so that a write keeps what people put there; null for an object that is new.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>What it says, as it is; empty if it makes sense.</summary>
    public string Document { get; init; } = "";

    /// <summary>Whether this and <paramref name="other"/> say the same.</summary>
    public bool SaysSameAs(CatalogEntry<T> other) => SpecVersion.Of(Meta) == SpecVersion.Of(other.Meta);
}

/// <summary>How pools, or reservations, are kept as objects.</summary>
/// <param name="plural">The kind's name in paths.</param>
/// <param name="kind">The kind's name in objects.</param>
/// <param name="read">Makes the value of a name and a spec.</param>
/// <param name="write">Writes a value as a spec.</param>
/// <param name="stamp">Gives a value what the server says of its object.</param>
internal sealed class CatalogKind<T>(
    string plural, string kind, Func<string, JsonElement, T> read, Action<Utf8JsonWriter, T> write, Func<T, ObjectMeta, T> stamp)
    : Kind<CatalogEntry<T>>(OurGroup, OurVersion, plural)
    where T : class
{
    /// <summary>The kind's name in objects.</summary>
    public string Name => kind;

    /// <summary>A pool without a selector that an older definition doesn't know would be for everybody.</summary>
    public override bool IsStrict => true;

    /// <inheritdoc/>
    public override CatalogEntry<T> Read(ref Utf8JsonReader json)
    {
        var again = json;
        var meta = ObjectMeta.Read(ref again);
        var item = JsonElement.ParseValue(ref json);
        try
        {
            var value = stamp(read(meta.Name, item.GetProperty("spec")), meta);
            return new CatalogEntry<T>(meta, value, null) { Metadata = item.GetProperty("metadata") };
        }
        catch (Exception e) when (StoredData.IsUnreadable(e) || e is KeyNotFoundException)
        {
            var document = item.TryGetProperty("spec", out var spec) ? spec.GetRawText() : "";
            return new CatalogEntry<T>(meta, null, StoredData.Why(e)) { Metadata = item.GetProperty("metadata"), Document = document };
        }
    }

    /// <summary>What was written, with the metadata that the server gave it.</summary>
    public CatalogEntry<T> Written(T value, ObjectMeta meta) => new(meta, stamp(value, meta), null);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json, CatalogEntry<T> value)
    {
        json.WriteStartObject();
        json.WriteString("apiVersion", ApiVersion);
        json.WriteString("kind", kind);
        json.WriteStartObject("metadata");
        if (value.Metadata is { } metadata)
            WriteMetadata(json, metadata);
        else
            json.WriteString("name", value.Meta.Name);
        json.WriteEndObject();
        json.WritePropertyName("spec");
        write(json, value.Value!);
        json.WriteEndObject();
    }

    /// <summary>What the object had: labels and the like that people gave it stay. Noted is the version that the write was made from.</summary>
    private static void WriteMetadata(Utf8JsonWriter json, JsonElement metadata)
    {
        foreach (var property in metadata.EnumerateObject())
        {
            if (property.Name != "annotations")
                property.WriteTo(json);
        }
        json.WriteStartObject("annotations");
        json.WriteString(ObjectMeta.WrittenAnnotation, metadata.GetProperty("resourceVersion").GetString());
        if (metadata.TryGetProperty("annotations", out var annotations))
        {
            foreach (var annotation in annotations.EnumerateObject())
            {
                if (annotation.Name != ObjectMeta.WrittenAnnotation)
                    annotation.WriteTo(json);
            }
        }
        json.WriteEndObject();
    }
}
