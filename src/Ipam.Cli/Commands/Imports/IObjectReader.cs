using Ipam.Core.Blocks;
using Ipam.Core.Imports;

namespace Ipam.Cli.Commands.Imports;

/// <summary>Knows what another IPAM keeps in objects of a cluster's API.</summary>
internal interface IObjectReader
{
    /// <summary>Its name, such as <c>whereabouts</c>.</summary>
    string Name { get; }

    /// <summary>Where its objects are in the API.</summary>
    IReadOnlyList<ObjectKind> Kinds { get; }

    /// <summary>The addresses that objects say are in use. Objects of kinds that it doesn't know are passed over.</summary>
    IReadOnlyList<FoundAddress> Read(IReadOnlyList<ClusterObject> objects, ObjectContext context);
}

/// <summary>A kind of objects in the API.</summary>
/// <param name="Kind">Its name in objects.</param>
/// <param name="Group">The API group.</param>
/// <param name="Version">The version of it.</param>
/// <param name="Plural">Its name in paths.</param>
/// <param name="IsOptional">Whether a cluster may lack it.</param>
internal sealed record ObjectKind(string Kind, string Group, string Version, string Plural, bool IsOptional = false);

/// <summary>What is known beside the objects.</summary>
/// <param name="Source">The import's name, for owners that aren't known.</param>
/// <param name="Network">The network's name in the new configuration; null if the admin didn't say.</param>
/// <param name="Interface">The interface of containers of which the objects name none; null likewise.</param>
/// <param name="Node">The node of containers of which nothing says where they are.</param>
/// <param name="FindPod">The pod of a namespace and a name, and its node, as the cluster has it; null if it isn't known.</param>
internal sealed record ObjectContext(string Source, string? Network, string? Interface, string Node, Func<string, string, (PodReference Pod, string Node)?> FindPod)
{
    /// <summary>
    /// The owner: the attachment that the DEL will name, if container, interface and network are known. Otherwise one that a DEL finds by its result.
    /// </summary>
    public Owner OwnerOf(string container, string interfaceName, PodReference? pod, string? network = null)
    {
        var name = interfaceName.Length > 0 ? interfaceName : Interface ?? "";
        if ((Network ?? network) is { } known && container.Length > 0 && name.Length > 0)
            return new Owner(known, container, name);
        return ImportedOwner.Of(Source, container.Length > 0 ? container : pod is null ? "" : $"pod:{(pod.Uid.Length > 0 ? pod.Uid : pod.ToString())}", name);
    }

    /// <summary>The pod and the node of a text NAMESPACE/NAME, as far as they are known.</summary>
    public (PodReference? Pod, string? Node) PodOf(string text)
    {
        if (text.Split('/') is not [{ Length: > 0 } space, { Length: > 0 } name])
            return default;
        return FindPod(space, name) is { } found ? found : (new PodReference(space, name, ""), null);
    }
}
