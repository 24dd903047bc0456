using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.IpamClaims;

/// <summary>Reads IPAMClaims as etcd has them, and writes their status. All else in them is their maker's.</summary>
internal sealed class IpamClaimObjects(Func<IKubernetesClient> client) : IIpamClaims
{
    /// <inheritdoc/>
    public async Task<IpamClaim?> ReadAsync(string @namespace, string name, CancellationToken cancellationToken) =>
        Resource.IsName(@namespace) ? await client().GetAsync(new IpamClaimKind(@namespace), name, cancellationToken) : null;

    /// <inheritdoc/>
    public async Task<bool> PutStatusAsync(IpamClaim claim, IpamClaimStatus status, CancellationToken cancellationToken) =>
        (await client().PatchStatusAsync(new IpamClaimKind(claim.Namespace), claim.Name, Write(claim, status), cancellationToken)).Outcome == WriteOutcome.Written;

    private static ReadOnlyMemory<byte> Write(IpamClaim claim, IpamClaimStatus status)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteStartObject("metadata");
        json.WriteString("resourceVersion", claim.Version);
        json.WriteEndObject();
        json.WriteStartObject("status");
        json.WriteStartArray("ips");
        foreach (var address in status.Addresses)
            json.WriteStringValue(address);
        json.WriteEndArray();
        WriteOwner(json, status.OwnerPod);
        WriteConditions(json, claim, status);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteOwner(Utf8JsonWriter json, string pod)
    {
        if (pod.Length == 0)
        {
            json.WriteNull("ownerPod");
            return;
        }
        json.WriteStartObject("ownerPod");
        json.WriteString("name", pod);
        json.WriteEndObject();
    }

    private static void WriteConditions(Utf8JsonWriter json, IpamClaim claim, IpamClaimStatus status)
    {
        json.WriteStartArray("conditions");
        foreach (var other in status.OtherConditions)
            json.WriteRawValue(other);
        if (status.Condition is { } condition)
        {
            json.WriteStartObject();
            json.WriteString("type", IpamClaimKind.ConditionType);
            json.WriteString("status", condition.IsTrue ? "True" : "False");
            json.WriteString("reason", condition.Reason);
            json.WriteString("message", condition.Message);
            json.WriteNumber("observedGeneration", claim.Generation);
            json.WriteString("lastTransitionTime", condition.Since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
