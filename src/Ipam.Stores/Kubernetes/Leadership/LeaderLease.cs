using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Ipam.Stores.Kubernetes.Blocks;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Leadership;

/// <summary>
/// Leadership by a Lease of coordination.k8s.io, as kubectl shows it. Terms are judged by our own clock, so nodes' clocks should agree
/// about as well as a term is long; nothing but work done twice comes of it if they don't.
/// </summary>
internal sealed class LeaderLease(IKubernetesClient client, ResourceType leases, TimeProvider time)
{
    /// <summary>MicroTime of the Kubernetes API.</summary>
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>Makes <paramref name="holder"/> the leader until <paramref name="term"/> from now, unless another one's term isn't over.</summary>
    public async Task<bool> TryLeadAsync(string role, string holder, TimeSpan term, CancellationToken cancellationToken)
    {
        var name = $"ipam.{SafeName.Of(role)}";
        using var document = await client.GetAsync(leases, name, cancellationToken);
        if (document is null)
            return IsWritten(await client.CreateAsync(leases, Write(name, null, holder, term, 0), cancellationToken));

        var spec = document.RootElement.TryGetProperty("spec", out var found) ? found : default;
        var isOurs = Text(spec, "holderIdentity") == holder;
        if (!isOurs && time.GetUtcNow() < EndOf(spec))
            return false;
        var transitions = Number(spec, "leaseTransitions") + (isOurs ? 0 : 1);
        return IsWritten(await client.ReplaceAsync(
            leases, name, Write(name, ObjectMeta.Of(document.RootElement), holder, term, transitions), cancellationToken));
    }

    private static bool IsWritten(WriteAnswer answer) => answer.Outcome == WriteOutcome.Written;

    private static DateTimeOffset EndOf(JsonElement spec)
    {
        if (string.IsNullOrEmpty(Text(spec, "holderIdentity"))
            || !DateTimeOffset.TryParse(Text(spec, "renewTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var renewed))
            return DateTimeOffset.MinValue;
        return renewed + TimeSpan.FromSeconds(Number(spec, "leaseDurationSeconds"));
    }

    private ReadOnlyMemory<byte> Write(string name, ObjectMeta? current, string holder, TimeSpan term, long transitions)
    {
        // A Lease counts whole seconds. The time of renewal gives way, so that the end of the term is exact.
        var seconds = Math.Max(1, (long)Math.Ceiling(term.TotalSeconds));
        var renewed = time.GetUtcNow() + term - TimeSpan.FromSeconds(seconds);
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("apiVersion", leases.ApiVersion);
        json.WriteString("kind", "Lease");
        json.WriteStartObject("metadata");
        json.WriteString("name", name);
        if (current is not null)
            json.WriteString("resourceVersion", current.ResourceVersion.ToString(CultureInfo.InvariantCulture));
        json.WriteEndObject();
        json.WriteStartObject("spec");
        json.WriteString("holderIdentity", holder);
        json.WriteNumber("leaseDurationSeconds", seconds);
        json.WriteString("renewTime", renewed.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
        json.WriteNumber("leaseTransitions", transitions);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static string? Text(JsonElement spec, string property) =>
        spec.ValueKind == JsonValueKind.Object && spec.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static long Number(JsonElement spec, string property) =>
        spec.ValueKind == JsonValueKind.Object && spec.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.Number
            ? value.GetInt64()
            : 0;
}
