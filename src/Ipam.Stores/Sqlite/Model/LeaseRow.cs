using Ipam.Core.Addresses;

namespace Ipam.Stores.Sqlite.Model;

/// <summary>A row of the table <c>leases</c>.</summary>
internal sealed class LeaseRow
{
    /// <summary>The address space.</summary>
    public required string Space { get; init; }

    /// <summary>The address held.</summary>
    public required Address Address { get; init; }

    /// <summary>The owner's network.</summary>
    public required string Network { get; init; }

    /// <summary>The owner's container id.</summary>
    public required string ContainerId { get; init; }

    /// <summary>The owner's interface name.</summary>
    public required string InterfaceName { get; init; }

    /// <summary>Which of the owner's entries this is.</summary>
    public required int Entry { get; init; }

    /// <summary>The release token.</summary>
    public required long Sequence { get; init; }

    /// <summary>The node the container runs on.</summary>
    public required string Node { get; init; }

    /// <summary>The pod's namespace; null if there is no pod.</summary>
    public string? PodNamespace { get; init; }

    /// <summary>The pod's name; null if there is no pod.</summary>
    public string? PodName { get; init; }

    /// <summary>The pod's UID; null if there is no pod.</summary>
    public string? PodUid { get; init; }

    /// <summary>Path of the network namespace.</summary>
    public required string NetworkNamespace { get; init; }

    /// <summary>When the address was handed out, in 100 ns since the Unix epoch.</summary>
    public required long AcquiredAt { get; init; }

    /// <summary>Seconds that the address cools down after its release.</summary>
    public required long Cooldown { get; init; }
}
