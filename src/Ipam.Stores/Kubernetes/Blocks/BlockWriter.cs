using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.History;
using Ipam.Stores.History;
using Ipam.Stores.Kubernetes.Client;
using Ipam.Stores.Text;

namespace Ipam.Stores.Kubernetes.Blocks;

/// <summary>Writes a block as an IPBlock. Short: what is as it is by default is left out, and what leases share is written once.</summary>
internal static class BlockWriter
{
    private const int LikelyLineBytes = 512;

    /// <summary>The object of <paramref name="block"/>, to replace the one that has its version; to be created if that is 0.</summary>
    public static void Write(Utf8JsonWriter json, string apiVersion, string name, Block block)
    {
        json.WriteStartObject();
        json.WriteString("apiVersion"u8, apiVersion);
        json.WriteString("kind"u8, "IPBlock"u8);
        WriteMetadata(json, name, block);
        WriteSpec(json, block);
        json.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter json, string name, Block block)
    {
        json.WriteStartObject("metadata"u8);
        json.WriteString("name"u8, name);
        if (block.Version != 0)
            json.WriteString("resourceVersion"u8, block.Version.ToString(CultureInfo.InvariantCulture));

        json.WriteStartObject("labels"u8);
        json.WriteString(BlockLabels.Space, SafeName.Of(block.Id.Space));
        foreach (var label in BlockLabels.OfNodes(block))
            json.WriteString(label, ""u8);
        json.WriteEndObject();

        json.WriteStartObject("annotations"u8);
        json.WriteString(BlockLabels.Held, block.Held.ToString("x", CultureInfo.InvariantCulture));
        if (block.Node is not null)
            json.WriteString(BlockLabels.OwnerNode, block.Node);
        if (!SafeName.IsPlain(block.Id.Space))
            json.WriteString(BlockLabels.FullSpace, block.Id.Space);
        json.WriteEndObject();

        // An empty entry asks the server to keep no record of who manages which field: nobody applies blocks.
        json.WriteStartArray("managedFields"u8);
        json.WriteStartObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSpec(Utf8JsonWriter json, Block block)
    {
        json.WriteStartObject("spec"u8);
        json.WriteString("space"u8, block.Id.Space);
        json.WriteString("prefix"u8, block.Id.Prefix.ToString());
        if (block.Node is not null)
            json.WriteString("node"u8, block.Node);
        json.WriteNumber("used"u8, block.Leases.Count);
        if (block.LastSequence != 0)
            json.WriteNumber("lastSequence"u8, block.LastSequence);
        if (block.LastOffset >= 0)
            json.WriteNumber("lastOffset"u8, block.LastOffset);
        // The server takes no notice of a write that changes nothing, and every write must give another version.
        json.WriteNumber("previous"u8, block.Version);
        WriteCooling(json, block);
        WriteEnds(json, block);
        if (block.Leases.Count > 0)
            WriteLeases(json, block);
        json.WriteEndObject();
    }

    private static void WriteCooling(Utf8JsonWriter json, Block block)
    {
        if (block.Cooling.Count == 0)
            return;
        json.WriteStartArray("resting"u8);
        foreach (var cooling in block.Cooling)
            json.WriteStringValue(CoolingText.Format(cooling));
        json.WriteEndArray();
    }

    private static void WriteEnds(Utf8JsonWriter json, Block block)
    {
        if (block.EndsToNote.Count == 0)
            return;
        var events = new EventWriter();
        json.WriteStartArray("ended"u8);
        foreach (var end in block.EndsToNote)
        {
            events.Clear();
            events.Write(LeaseEvent.Of(end));
            json.WriteBase64StringValue(events.Written);
        }
        json.WriteEndArray();
    }

    private static void WriteLeases(Utf8JsonWriter json, Block block)
    {
        var commons = new Dictionary<LeaseCommons, int>();
        using var line = new PooledBuffer(LikelyLineBytes);
        json.WriteStartArray("leases"u8);
        foreach (var lease in block.Leases)
        {
            var shared = LeaseCommons.SharedLength(lease.NetworkNamespace);
            var common = new LeaseCommons(lease.Owner.Network, lease.Owner.InterfaceName, lease.Node, lease.Pod?.Namespace,
                lease.NetworkNamespace[..shared], (long)lease.Cooldown.TotalSeconds);
            if (!commons.TryGetValue(common, out var index))
                commons.Add(common, index = commons.Count);
            LeaseText.Write(line, lease, index, shared);
            json.WriteStringValue(line.Span);
        }
        json.WriteEndArray();

        json.WriteStartArray("common"u8);
        // A dictionary to which only was added lists its entries in that order.
        foreach (var common in commons.Keys)
            WriteCommon(json, common);
        json.WriteEndArray();
    }

    private static void WriteCommon(Utf8JsonWriter json, LeaseCommons common)
    {
        json.WriteStartObject();
        json.WriteString("network"u8, common.Network);
        json.WriteString("interface"u8, common.Interface);
        json.WriteString("node"u8, common.Node);
        if (common.PodNamespace is not null)
            json.WriteString("namespace"u8, common.PodNamespace);
        if (common.NetnsStart.Length > 0)
            json.WriteString("netns"u8, common.NetnsStart);
        if (common.CooldownSeconds != 0)
            json.WriteNumber("cooldownSeconds"u8, common.CooldownSeconds);
        json.WriteEndObject();
    }
}
