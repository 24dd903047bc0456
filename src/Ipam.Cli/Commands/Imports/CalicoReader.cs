using System.Globalization;
using Ipam.Core.Addresses;
using Ipam.Core.Imports;

namespace Ipam.Cli.Commands.Imports;

/// <summary>
/// Calico (crd.projectcalico.org/v1): an IPAMBlock for each block, in which each address has the number of an entry with its attributes, or null; an IPAMHandle for each attachment, which
/// counts its addresses by block.
/// </summary>
internal sealed class CalicoReader : IObjectReader
{
    private const string Group = "crd.projectcalico.org";
    private const string BlockKind = "IPAMBlock";
    private const string HandleKind = "IPAMHandle";

    /// <summary>That of the default network, as the kubelet has it; Calico doesn't write it down.</summary>
    private const string DefaultInterface = "eth0";

    public string Name => "calico";

    public IReadOnlyList<ObjectKind> Kinds => [new(BlockKind, Group, "v1", "ipamblocks"), new(HandleKind, Group, "v1", "ipamhandles")];

    public IReadOnlyList<FoundAddress> Read(IReadOnlyList<ClusterObject> objects, ObjectContext context)
    {
        var blocks = objects.Where(static one => one.Kind == BlockKind && one.Spec["deleted"].Text != "true").ToList();
        var cidrs = blocks.Select(static block => block.Spec["cidr"].Text).ToHashSet(StringComparer.Ordinal);
        var found = blocks.SelectMany(block => ReadBlock(block, context)).ToList();
        foreach (var handle in objects.Where(static one => one.Kind == HandleKind && one.Spec["deleted"].Text != "true"))
        {
            var missing = handle.Spec["block"].Fields.Keys.FirstOrDefault(cidr => !cidrs.Contains(cidr));
            if (missing is not null)
                found.Add(new FoundAddress { Where = handle.ToString(), Network = "calico", Flaw = $"it has addresses in the block {missing}, of which there is no IPAMBlock: was everything exported?" });
        }
        return found;
    }

    private static IEnumerable<FoundAddress> ReadBlock(ClusterObject block, ObjectContext context)
    {
        var allocations = block.Spec["allocations"].Items;
        if (!Prefix.TryParse(block.Spec["cidr"].Text, out var cidr) || (UInt128)allocations.Count > cidr.Last.Value - cidr.First.Value + 1)
        {
            yield return new FoundAddress { Where = block.ToString(), Network = "calico", Flaw = $"its cidr is '{block.Spec["cidr"].Text}', which doesn't have its {allocations.Count} addresses" };
            yield break;
        }
        var host = block.Spec["affinity"].Text is var affinity && affinity.StartsWith("host:", StringComparison.Ordinal) ? affinity["host:".Length..] : null;
        for (var i = 0; i < allocations.Count; i++)
        {
            if (allocations[i].IsEmpty)
                continue;
            var found = new FoundAddress { Where = $"{block} [{i}]", Network = "calico", Address = cidr.First with { Value = cidr.First.Value + (uint)i } };
            var attributes = block.Spec["attributes"].Items;
            if (!int.TryParse(allocations[i].Text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index >= attributes.Count)
                yield return found with { Flaw = $"it names the attributes '{allocations[i].Text}', which aren't there" };
            else if (attributes[index]["releasedAt"].IsEmpty)
                yield return Describe(found, attributes[index], host, context);
        }
    }

    private static FoundAddress Describe(FoundAddress found, DataNode attributes, string? host, ObjectContext context)
    {
        var (handle, more) = (attributes["handle_id"].Text, attributes["secondary"]);
        var (pod, node) = context.PodOf($"{more["namespace"].Text}/{more["pod"].Text}");
        // NETWORK.CONTAINER of an attachment; something else of tunnels and of what Calico keeps for itself.
        var dot = handle.LastIndexOf('.');
        var owner = pod is not null && dot > 0
            ? context.OwnerOf(handle[(dot + 1)..], context.Interface ?? DefaultInterface, pod, handle[..dot])
            : ImportedOwner.Of(context.Source, handle, "");
        return found with
        {
            Owner = owner,
            Pod = pod,
            Node = more["node"].Text is { Length: > 0 } told ? told : node ?? host ?? context.Node,
            Flaw = handle.Length == 0 ? "it has no handle_id, so that nobody can say who has it" : null,
        };
    }
}
