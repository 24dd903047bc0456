using System.Globalization;
using System.Text.Json;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Blocks;

/// <summary>Reads a block from an IPBlock, and its summary from the IPBlock's metadata.</summary>
internal static class BlockReader
{
    /// <summary>The block of an object.</summary>
    /// <exception cref="StoreException">It isn't as this program writes them.</exception>
    public static Block Read(JsonElement item) => Guard(item, static (item, meta) =>
    {
        var spec = item.GetProperty("spec");
        var id = BlockName.Parse(meta.Name, spec.GetProperty("space").GetString()!);
        var commons = Items(spec, "common").Select(ReadCommon).ToArray();
        return new Block(id, Items(spec, "leases").Select(lease => LeaseText.Parse(lease.GetString()!, id, commons)))
        {
            Node = Text(spec, "node"),
            Version = meta.ResourceVersion,
            LastSequence = Number(spec, "lastSequence", 0),
            LastOffset = (int)Number(spec, "lastOffset", -1),
            Cooling = Items(spec, "resting").Select(static line => CoolingText.Parse(line.GetString()!)).ToArray(),
        };
    });

    /// <summary>The summary of an object that may be without its spec.</summary>
    /// <exception cref="StoreException">It isn't as this program writes them.</exception>
    public static BlockSummary ReadSummary(JsonElement item) => Guard(item, static (item, meta) =>
    {
        var metadata = item.GetProperty("metadata");
        var annotations = metadata.GetProperty("annotations");
        var space = Text(annotations, BlockLabels.FullSpace) ?? metadata.GetProperty("labels").GetProperty(BlockLabels.Space).GetString()!;
        var held = ulong.Parse(annotations.GetProperty(BlockLabels.Held).GetString()!, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return new BlockSummary(BlockName.Parse(meta.Name, space), meta.ResourceVersion, Text(annotations, BlockLabels.OwnerNode), held);
    });

    private static T Guard<T>(JsonElement item, Func<JsonElement, ObjectMeta, T> read)
    {
        var name = "without a name";
        try
        {
            var meta = ObjectMeta.Of(item);
            name = meta.Name;
            return read(item, meta);
        }
        catch (Exception e) when (e is InvalidDataException or KeyNotFoundException or InvalidOperationException or FormatException
            or OverflowException or ArgumentException or IndexOutOfRangeException)
        {
            throw new StoreException(
                $"the IPBlock {name} is not as this program writes them ({e.Message}); look at it with 'kubectl get ipblock {name} -o yaml', and repair or delete it", e);
        }
    }

    private static LeaseCommons ReadCommon(JsonElement item) => new(
        Text(item, "network") ?? "", Text(item, "interface") ?? "", Text(item, "node") ?? "", Text(item, "namespace"), Text(item, "netns") ?? "",
        Number(item, "cooldownSeconds", 0));

    /// <summary>The items of a list; none if it is missing.</summary>
    private static JsonElement.ArrayEnumerator Items(JsonElement spec, string property) =>
        spec.TryGetProperty(property, out var items) ? items.EnumerateArray() : default;

    private static string? Text(JsonElement item, string property) => item.TryGetProperty(property, out var value) ? value.GetString() : null;

    private static long Number(JsonElement item, string property, long missing) =>
        item.TryGetProperty(property, out var value) ? value.GetInt64() : missing;
}
