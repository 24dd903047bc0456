using System.Text;
using System.Text.Json;
using Ipam.Core.Addresses;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Nodes;

/// <summary>
/// The status of a pod's networks, as Multus and its like write it into an annotation: an array of objects, whose <c>ips</c> are addresses (Kubernetes Network
/// Custom Resource Definition De-facto Standard, version 1, section 5).
/// </summary>
internal static class ClusterPodNetworks
{
    /// <summary>Adds the addresses that the annotation names, as far as it can be read.</summary>
    public static void Read(string annotation, HashSet<Address> addresses)
    {
        try
        {
            var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(annotation));
            if (!json.Read() || !json.BeginsArray())
                return;
            while (json.NextItem())
            {
                if (json.BeginsObject())
                    ReadNetwork(ref json, addresses);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            // Anybody may write an annotation, and the API server doesn't look into it: the rest of the pod counts all the same.
        }
    }

    private static void ReadNetwork(ref Utf8JsonReader json, HashSet<Address> addresses)
    {
        while (json.NextProperty())
        {
            if (!json.Is("ips"u8))
                json.Skip();
            else if (json.BeginsArray())
                ReadAddresses(ref json, addresses);
        }
    }

    private static void ReadAddresses(ref Utf8JsonReader json, HashSet<Address> addresses)
    {
        while (json.NextItem())
        {
            if (json.TokenType != JsonTokenType.String)
                json.Skip();
            // Some write the length of the prefix behind it.
            else if (Address.TryParse(json.Text().Split('/')[0], out var address))
                addresses.Add(address);
        }
    }
}
