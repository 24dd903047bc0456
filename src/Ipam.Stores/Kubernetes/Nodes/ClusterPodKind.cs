using System.Text.Json;
using Ipam.Core.Addresses;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Nodes;

/// <summary>Pods, of which little is kept: who they are, where they are, and which addresses they show.</summary>
/// <param name="space">Their namespace; null for those of all.</param>
internal sealed class ClusterPodKind(string? space = null) : Kind<ClusterPod>("", "v1", "pods", space)
{
    /// <inheritdoc/>
    public override ClusterPod Read(ref Utf8JsonReader json)
    {
        string @namespace = "", name = "", uid = "", node = "", phase = "";
        var others = new List<string>();
        var addresses = new HashSet<Address>();
        while (json.NextProperty())
        {
            if (json.Is("metadata"u8))
                ReadMetadata(ref json, ref @namespace, ref name, ref uid, others, addresses);
            else if (json.Is("spec"u8))
                node = ReadNode(ref json);
            else if (json.Is("status"u8))
                phase = ReadStatus(ref json, addresses);
            else
                json.Skip();
        }
        return @namespace.Length > 0 && name.Length > 0 && uid.Length > 0
            ? new ClusterPod(@namespace, name, [.. others.Prepend(uid).Distinct(StringComparer.Ordinal)], node, phase is "Succeeded" or "Failed", [.. addresses])
            : throw new InvalidDataException("a pod without a namespace, a name or a UID");
    }

    private static void ReadMetadata(
        ref Utf8JsonReader json, ref string @namespace, ref string name, ref string uid, List<string> others, HashSet<Address> addresses)
    {
        if (!json.BeginsObject())
            return;
        while (json.NextProperty())
        {
            if (json.Is("namespace"u8))
                @namespace = json.Text();
            else if (json.Is("name"u8))
                name = json.Text();
            else if (json.Is("uid"u8))
                uid = json.Text();
            else if (json.Is("annotations"u8))
                ReadAnnotations(ref json, others, addresses);
            else
                json.Skip();
        }
    }

    private static void ReadAnnotations(ref Utf8JsonReader json, List<string> uids, HashSet<Address> addresses)
    {
        if (!json.BeginsObject())
            return;
        while (json.NextProperty())
        {
            if (StaticPod.TryReadUid(ref json, uids))
                continue;
            if (json.Is("k8s.v1.cni.cncf.io/network-status"u8) || json.Is("k8s.v1.cni.cncf.io/networks-status"u8))
            {
                ClusterPodNetworks.Read(json.Text(), addresses);
            }
            else
            {
                json.Skip();
            }
        }
    }

    private static string ReadNode(ref Utf8JsonReader json)
    {
        var node = "";
        if (!json.BeginsObject())
            return node;
        while (json.NextProperty())
        {
            if (json.Is("nodeName"u8))
                node = json.Text();
            else
                json.Skip();
        }
        return node;
    }

    /// <summary>The phase; the addresses are added to the others.</summary>
    private static string ReadStatus(ref Utf8JsonReader json, HashSet<Address> addresses)
    {
        var phase = "";
        if (!json.BeginsObject())
            return phase;
        while (json.NextProperty())
        {
            if (json.Is("phase"u8))
                phase = json.Text();
            else if (json.Is("podIP"u8))
                ReadAddress(ref json, addresses);
            else if (json.Is("podIPs"u8))
                ReadAddresses(ref json, addresses);
            else
                json.Skip();
        }
        return phase;
    }

    private static void ReadAddresses(ref Utf8JsonReader json, HashSet<Address> addresses)
    {
        if (!json.BeginsArray())
            return;
        while (json.NextItem())
        {
            if (!json.BeginsObject())
                continue;
            while (json.NextProperty())
            {
                if (json.Is("ip"u8))
                    ReadAddress(ref json, addresses);
                else
                    json.Skip();
            }
        }
    }

    private static void ReadAddress(ref Utf8JsonReader json, HashSet<Address> addresses)
    {
        if (Address.TryParse(json.Text(), out var address))
            addresses.Add(address);
    }
}
