using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes;

/// <summary>The kinds of objects that the store works with.</summary>
internal static class ApiTypes
{
    /// <summary>Our API group.</summary>
    public const string Group = "ipamsuite.dev";

    private const string Version = "v1alpha1";

    /// <summary>Blocks, the truth about addresses.</summary>
    public static ResourceType Blocks { get; } = new(Group, Version, "ipblocks");

    /// <summary>Pools.</summary>
    public static ResourceType Pools { get; } = new(Group, Version, "ippools");

    /// <summary>Reservations.</summary>
    public static ResourceType Reservations { get; } = new(Group, Version, "ipreservations");

    /// <summary>Nodes of the cluster.</summary>
    public static ResourceType Nodes { get; } = new("", "v1", "nodes");

    /// <summary>Leases of a namespace, in the sense of Kubernetes: locks that expire.</summary>
    public static ResourceType Leases(string space) => new("coordination.k8s.io", "v1", "leases", space);
}
