using System.Text.Json;
using Ipam.Core.Addresses;
using Ipam.Core.Imports;

namespace Ipam.Cli.Commands.Imports;

/// <summary>
/// Spiderpool (spiderpool.spidernet.io/v2beta1): a SpiderIPPool has its held addresses as a text of JSON in its status; a SpiderEndpoint says of a pod its node and its UID.
/// </summary>
internal sealed class SpiderpoolReader : IObjectReader
{
    private const string Group = "spiderpool.spidernet.io";
    private const string Version = "v2beta1";
    private const string PoolKind = "SpiderIPPool";
    private const string EndpointKind = "SpiderEndpoint";

    public string Name => "spiderpool";

    public IReadOnlyList<ObjectKind> Kinds => [new(PoolKind, Group, Version, "spiderippools"), new(EndpointKind, Group, Version, "spiderendpoints")];

    public IReadOnlyList<FoundAddress> Read(IReadOnlyList<ClusterObject> objects, ObjectContext context)
    {
        var nodes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var endpoint in objects.Where(static one => one.Kind == EndpointKind))
            nodes[endpoint.Status["current"]["uid"].Text] = endpoint.Status["current"]["node"].Text;
        return [.. objects.Where(static one => one.Kind == PoolKind).SelectMany(pool => ReadPool(pool, nodes, context))];
    }

    private static IEnumerable<FoundAddress> ReadPool(ClusterObject pool, Dictionary<string, string> nodes, ObjectContext context)
    {
        if (Allocations(pool) is not { } allocations)
            return [new FoundAddress { Where = pool.ToString(), Network = pool.Name, Flaw = "its status.allocatedIPs is no JSON object" }];
        return allocations.Fields.Select(one => Describe(pool, one.Key, one.Value, nodes, context));
    }

    private static FoundAddress Describe(ClusterObject pool, string text, DataNode allocation, Dictionary<string, string> nodes, ObjectContext context)
    {
        var found = new FoundAddress { Where = $"{pool} [{text}]", Network = pool.Name };
        if (!Address.TryParse(text, out var address))
            return found with { Flaw = "its name is no address" };
        var (pod, node) = context.PodOf(allocation["pod"].Text);
        var uid = allocation["podUid"].Text;
        // A pod of the same name may live by now that isn't the one.
        if (pod is not null && uid.Length > 0)
            (pod, node) = (pod with { Uid = uid }, pod.Uid == uid ? node : null);
        return found with
        {
            Address = address,
            Owner = context.OwnerOf("", allocation["interface"].Text, pod),
            Pod = pod,
            Node = node ?? (nodes.GetValueOrDefault(uid) is { Length: > 0 } told ? told : context.Node),
            Flaw = pod is null ? "it names no pod" : null,
        };
    }

    /// <summary>Null for what can't be read. A pool of which nothing is held has no text.</summary>
    private static DataNode? Allocations(ClusterObject pool)
    {
        var text = pool.Status["allocatedIPs"].Text;
        try
        {
            using var json = JsonDocument.Parse(text.Length > 0 ? text : "{}");
            return json.RootElement.ValueKind == JsonValueKind.Object ? DataNode.Of(json.RootElement) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
