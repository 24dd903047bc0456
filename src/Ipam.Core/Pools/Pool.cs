using Ipam.Core.Addresses;

namespace Ipam.Core.Pools;

/// <summary>
/// A named list of ranges with a policy. It owns no address: leases live in the blocks of its space, so two pools may overlap and a
/// change of ranges touches no lease.
/// </summary>
public sealed record Pool
{
    /// <summary>The pool's name, unique in the store: lower-case letters, digits, '-' and '.', as Kubernetes names objects (RFC 1123).</summary>
    public required string Name { get; init; }

    /// <summary>The address space that the pool's addresses are of.</summary>
    public string Space { get; init; } = "default";

    /// <summary>The ranges in order of preference; at least one.</summary>
    public required IReadOnlyList<PoolRange> Ranges { get; init; }

    /// <summary>Routes that an attachment gets with an address of this pool.</summary>
    public IReadOnlyList<PoolRoute> Routes { get; init; } = [];

    /// <summary>How addresses are chosen.</summary>
    public AllocationPolicy Policy { get; init; } = new();

    /// <summary>Which nodes may use it; all if empty.</summary>
    public NodeSelector NodeSelector { get; init; } = new();

    /// <summary>The pod namespaces that may use it; all if empty.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>Labels that the namespace of a pod must have to use it.</summary>
    public LabelSelector NamespaceSelector { get; init; } = new();

    /// <summary>Labels that a pod must have to use it.</summary>
    public LabelSelector PodSelector { get; init; } = new();

    /// <summary>The names of the networks that may use it; all if empty.</summary>
    public IReadOnlyList<string> Networks { get; init; } = [];

    /// <summary>How many addresses the pods of a namespace may hold, by its name; <see cref="AnyNamespace"/> stands for each one that isn't named. No limit for others.</summary>
    public IReadOnlyDictionary<string, long> Quotas { get; init; } = new Dictionary<string, long>();

    /// <summary>Whether nothing new is handed out from it. Leases stay.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>
    /// Whether it was deleted, and is still there only because leases lie in it (<see cref="Stores.IPoolGuard"/>). Nothing new is handed out from it.
    /// </summary>
    public bool IsBeingDeleted { get; init; }

    /// <summary>When it was created; the store says so.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The store's version; 0 for a pool that the store doesn't have.</summary>
    public long Version { get; init; }

    /// <summary>What stands in <see cref="Quotas"/> for each namespace that isn't named.</summary>
    public const string AnyNamespace = "*";

    /// <summary>How many addresses the pods of a namespace may hold; null for as many as there are.</summary>
    public long? QuotaOf(string podNamespace) =>
        Quotas.TryGetValue(podNamespace, out var quota) || Quotas.TryGetValue(AnyNamespace, out quota) ? quota : null;
}

/// <summary>A route of a pool.</summary>
/// <param name="Destination">Where it leads.</param>
/// <param name="Gateway">The next hop; null for the address's gateway.</param>
public sealed record PoolRoute(Prefix Destination, Address? Gateway)
{
    /// <summary>What is wrong with the route; null if nothing is.</summary>
    /// <param name="where">What to call the route.</param>
    public string? Check(string where) => Gateway is { } gateway && gateway.Family != Destination.Address.Family
        ? $"{where}: the route to {Destination} has a gateway of another address family, {gateway}; give one of the same, or none"
        : null;
}
