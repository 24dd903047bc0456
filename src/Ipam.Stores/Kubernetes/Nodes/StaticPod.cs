using System.Text.Json;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Nodes;

/// <summary>The mirror of a static pod: annotations of it have what the kubelet calls the pod itself, and the runtime after it.</summary>
internal static class StaticPod
{
    /// <summary>Adds what this annotation says; false if it is another one. Then the reader stays at its name.</summary>
    public static bool TryReadUid(ref Utf8JsonReader json, List<string> uids)
    {
        if (!json.Is("kubernetes.io/config.hash"u8) && !json.Is("kubernetes.io/config.mirror"u8))
            return false;
        if (json.Text() is { Length: > 0 } hash)
            uids.Add(hash);
        return true;
    }
}
