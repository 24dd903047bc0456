using System.Text.Json;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Nodes;

/// <summary>Pods or namespaces, of which only the metadata are read: what pools choose by.</summary>
/// <param name="plural">The name in paths.</param>
/// <param name="space">Their namespace; null for objects of the cluster.</param>
internal sealed class ObjectFactsKind(string plural, string? space = null) : Kind<ObjectFacts>("", "v1", plural, space)
{
    /// <inheritdoc/>
    public override bool IsMetadataOnly => true;

    /// <inheritdoc/>
    public override ObjectFacts Read(ref Utf8JsonReader json)
    {
        ObjectFacts? facts = null;
        while (json.NextProperty())
        {
            if (!json.Is("metadata"u8))
                json.Skip();
            else if (json.BeginsObject())
                facts = ReadMetadata(ref json);
        }
        return facts ?? throw new InvalidDataException($"one of the {Plural} without metadata");
    }

    private static ObjectFacts ReadMetadata(ref Utf8JsonReader json)
    {
        var uid = "";
        string? set = null;
        var annotations = default(Annotations);
        var others = new List<string>();
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        while (json.NextProperty())
        {
            if (json.Is("uid"u8))
                uid = json.Text();
            else if (json.Is("labels"u8))
                json.AddTexts(labels);
            else if (json.Is("annotations"u8))
                annotations = ReadAnnotations(ref json, others);
            else if (json.Is("ownerReferences"u8))
                set = ReadStatefulSet(ref json);
            else
                json.Skip();
        }
        return new ObjectFacts([uid, .. others], labels) { Pools = annotations.Pools, Sticky = annotations.Sticky, Networks = annotations.Networks, StatefulSet = set };
    }

    /// <summary>The name of the owner that is a StatefulSet; null if none is.</summary>
    private static string? ReadStatefulSet(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return null;
        }
        using var owners = JsonDocument.ParseValue(ref json);
        foreach (var owner in owners.RootElement.EnumerateArray())
        {
            if (TextOf(owner, "kind") == "StatefulSet" && TextOf(owner, "apiVersion").StartsWith("apps/", StringComparison.Ordinal))
                return TextOf(owner, "name");
        }
        return null;
    }

    private static string TextOf(JsonElement json, string key) => json.TryGetProperty(key, out var text) ? text.GetString() ?? "" : "";

    /// <summary>The annotations that mean something here; the UIDs are added to the others.</summary>
    private static Annotations ReadAnnotations(ref Utf8JsonReader json, List<string> uids)
    {
        var found = default(Annotations);
        if (!json.BeginsObject())
            return found;
        while (json.NextProperty())
        {
            if (json.ValueTextEquals(ObjectFacts.PoolsAnnotation))
                found = found with { Pools = json.Read() ? json.Text() : null };
            else if (json.ValueTextEquals(ObjectFacts.StickyAnnotation))
                found = found with { Sticky = json.Read() ? json.Text() : null };
            else if (json.ValueTextEquals(ObjectFacts.NetworksAnnotation))
                found = found with { Networks = json.Read() ? json.Text() : null };
            else if (!StaticPod.TryReadUid(ref json, uids))
                json.Skip();
        }
        return found;
    }

    private readonly record struct Annotations(string? Pools, string? Sticky, string? Networks);
}
