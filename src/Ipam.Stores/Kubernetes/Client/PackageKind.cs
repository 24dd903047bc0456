using System.Text.Json;
using k8s;

namespace Ipam.Stores.Kubernetes.Client;

/// <summary>A kind of Kubernetes itself, by the types of KubernetesClient. Their metadata take some time to load: not for what is done often.</summary>
internal sealed class PackageKind<T>(string group, string version, string plural, string? space = null) : Kind<T>(group, version, plural, space)
    where T : class, IKubernetesObject
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader json)
    {
        using var document = JsonDocument.ParseValue(ref json);
        return KubernetesJson.Deserialize<T>(document.RootElement) ?? throw new InvalidDataException("no object");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json, T value) => json.WriteRawValue(KubernetesJson.Serialize(value));
}
