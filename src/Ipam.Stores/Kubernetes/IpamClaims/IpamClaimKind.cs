using System.Text.Json;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.IpamClaims;

/// <summary>
/// IPAMClaims of a namespace. Their definition is another project's, and clusters have it in several versions: what a claim doesn't have, or has in another form, is read as if it weren't
/// there.
/// </summary>
/// <param name="space">Their namespace.</param>
internal sealed class IpamClaimKind(string space) : Kind<IpamClaim>(Group, "v1alpha1", PluralName, space)
{
    /// <summary>The name of the definition.</summary>
    public const string Definition = $"{PluralName}.{Group}";

    /// <summary>The condition that is ours.</summary>
    public const string ConditionType = "IPsAllocated";

    private const string Group = "k8s.cni.cncf.io";
    private const string PluralName = "ipamclaims";

    /// <inheritdoc/>
    public override string DefinedBy => "deploy/kubernetes/components/ipamclaims/ipamclaims.yaml";

    /// <inheritdoc/>
    public override IpamClaim Read(ref Utf8JsonReader json)
    {
        using var document = JsonDocument.ParseValue(ref json);
        var root = document.RootElement;
        var (metadata, spec, status) = (ObjectIn(root, "metadata"), ObjectIn(root, "spec"), ObjectIn(root, "status"));
        if (TextIn(metadata, "namespace") is not { Length: > 0 } @namespace || TextIn(metadata, "name") is not { Length: > 0 } name || TextIn(metadata, "uid") is not { Length: > 0 } uid)
            throw new InvalidDataException("an IPAMClaim without a namespace, a name or a UID");
        return new IpamClaim(@namespace, name, uid, TextIn(spec, "network"), TextIn(spec, "interface"), TextsIn(spec, "ipRequests"), StatusIn(status))
        {
            Version = TextIn(metadata, "resourceVersion"),
            Generation = metadata.ValueKind == JsonValueKind.Object && metadata.TryGetProperty("generation", out var generation) && generation.TryGetInt64(out var number) ? number : 0,
        };
    }

    private static IpamClaimStatus StatusIn(JsonElement status)
    {
        var conditions = ItemsIn(status, "conditions").Where(static item => item.ValueKind == JsonValueKind.Object).ToList();
        var ours = conditions.FindIndex(static condition => TextIn(condition, "type") == ConditionType);
        return new IpamClaimStatus(TextsIn(status, "ips"), TextIn(ObjectIn(status, "ownerPod"), "name"), ours < 0 ? null : ConditionOf(conditions[ours]))
        {
            OtherConditions = [.. conditions.Where(static condition => TextIn(condition, "type") != ConditionType).Select(static condition => condition.GetRawText())],
        };
    }

    private static IpamClaimCondition ConditionOf(JsonElement condition) => new(
        TextIn(condition, "status") == "True", TextIn(condition, "reason"), TextIn(condition, "message"),
        condition.TryGetProperty("lastTransitionTime", out var time) && time.ValueKind == JsonValueKind.String && time.TryGetDateTimeOffset(out var since) ? since : default);

    private static JsonElement ObjectIn(JsonElement parent, string key) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Object ? value : default;

    private static string TextIn(JsonElement parent, string key) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static JsonElement.ArrayEnumerator ItemsIn(JsonElement parent, string key) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : default;

    private static IReadOnlyList<string> TextsIn(JsonElement parent, string key) =>
        [.. ItemsIn(parent, key).Select(static item => item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText())];
}
