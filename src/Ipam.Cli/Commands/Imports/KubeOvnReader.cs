using Ipam.Core.Addresses;
using Ipam.Core.Imports;

namespace Ipam.Cli.Commands.Imports;

/// <summary>kube-ovn (kubeovn.io/v1): an IP for each interface of a pod, and for each node's own.</summary>
internal sealed class KubeOvnReader : IObjectReader
{
    private const string IpKind = "IP";

    public string Name => "kube-ovn";

    public IReadOnlyList<ObjectKind> Kinds => [new(IpKind, "kubeovn.io", "v1", "ips")];

    public IReadOnlyList<FoundAddress> Read(IReadOnlyList<ClusterObject> objects, ObjectContext context) =>
        [.. objects.Where(static one => one.Kind == IpKind && !one.IsBeingDeleted).SelectMany(one => ReadOne(one, context))];

    private static IEnumerable<FoundAddress> ReadOne(ClusterObject ip, ObjectContext context)
    {
        var spec = ip.Spec;
        var subnet = spec["subnet"].Text;
        var (pod, node) = context.PodOf($"{spec["namespace"].Text}/{spec["podName"].Text}");
        var found = new FoundAddress { Where = ip.ToString(), Network = subnet.Length > 0 ? subnet : "kube-ovn", Pod = pod, Node = spec["nodeName"].Text is { Length: > 0 } told ? told : node ?? context.Node };
        // Those of nodes have no pod: they are used as long as kube-ovn is.
        var owner = pod is null ? ImportedOwner.Of(context.Source, ip.Name, "") : context.OwnerOf(spec["containerID"].Text, "", pod);
        var texts = Texts(spec).Distinct(StringComparer.Ordinal).ToList();
        if (texts.Count == 0)
            yield return found with { Flaw = "it has no address" };
        foreach (var text in texts)
        {
            yield return Address.TryParse(text, out var address)
                ? found with { Address = address, Owner = owner }
                : found with { Flaw = $"'{text}' is no address" };
        }
    }

    private static IEnumerable<string> Texts(DataNode spec) =>
        spec["ipAddress"].Text.Split(',').Append(spec["v4IpAddress"].Text).Append(spec["v6IpAddress"].Text)
            .Concat(spec["attachIps"].Items.SelectMany(static item => item.Text.Split(',')))
            .Select(static text => text.Trim()).Where(static text => text.Length > 0);
}
