using System.Globalization;
using System.Text.Json;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Identity;

/// <summary>The kind of such Leases.</summary>
/// <param name="space">Their namespace.</param>
/// <param name="label">The value of the label <see cref="Label"/> that they get.</param>
/// <param name="duration">The seconds for which a holder counts as there, for people who look; null to leave the times out.</param>
/// <param name="time">The clock.</param>
internal sealed class NoteLeaseKind(string space, string label, int? duration, TimeProvider time) : Kind<NoteLease>("coordination.k8s.io", "v1", "leases", space)
{
    /// <summary>The label that says what a Lease is for.</summary>
    public const string Label = "ipamsuite.dev/lease";

    /// <summary>Selects the Leases of the kind.</summary>
    public string Selector => $"{Label}={label}";

    /// <inheritdoc/>
    public override NoteLease Read(ref Utf8JsonReader json)
    {
        var again = json;
        var meta = ObjectMeta.Read(ref again);
        var (holder, notes) = ("", new Dictionary<string, string>(StringComparer.Ordinal));
        while (json.NextProperty())
        {
            if (json.Is("metadata"u8))
                ReadAnnotations(ref json, notes);
            else if (json.Is("spec"u8))
                holder = ReadHolder(ref json);
            else
                json.Skip();
        }
        return new NoteLease(meta, holder, notes);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json, NoteLease value)
    {
        json.WriteStartObject();
        json.WriteString("apiVersion"u8, ApiVersion);
        json.WriteString("kind"u8, "Lease"u8);
        json.WriteStartObject("metadata"u8);
        json.WriteString("name"u8, value.Meta.Name);
        if (value.Meta.ResourceVersion != 0)
            json.WriteString("resourceVersion"u8, value.Meta.ResourceVersion.ToString(CultureInfo.InvariantCulture));
        // A PUT of a Lease that is gone would create it.
        if (value.Meta.Uid.Length > 0)
            json.WriteString("uid"u8, value.Meta.Uid);
        json.WriteStartObject("labels"u8);
        json.WriteString(Label, label);
        json.WriteEndObject();
        json.WriteStartObject("annotations"u8);
        foreach (var (key, text) in value.Notes)
            json.WriteString(key, text);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("spec"u8);
        if (value.Holder.Length > 0)
            json.WriteString("holderIdentity"u8, value.Holder);
        if (duration is { } seconds)
        {
            json.WriteNumber("leaseDurationSeconds"u8, seconds);
            json.WriteString("renewTime"u8, time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void ReadAnnotations(ref Utf8JsonReader json, Dictionary<string, string> notes)
    {
        if (!json.BeginsObject())
            return;
        while (json.NextProperty())
        {
            if (json.Is("annotations"u8))
                json.AddTexts(notes);
            else
                json.Skip();
        }
    }

    private static string ReadHolder(ref Utf8JsonReader json)
    {
        var holder = "";
        if (!json.BeginsObject())
            return holder;
        while (json.NextProperty())
        {
            if (json.Is("holderIdentity"u8))
                holder = json.TokenType == JsonTokenType.Null ? "" : json.Text();
            else
                json.Skip();
        }
        return holder;
    }
}
