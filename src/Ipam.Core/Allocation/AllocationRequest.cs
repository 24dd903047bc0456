using Ipam.Core.Blocks;

namespace Ipam.Core.Allocation;

/// <summary>What one owner asks for: all of it or nothing.</summary>
public sealed record AllocationRequest
{
    /// <summary>The address space.</summary>
    public required string Space { get; init; }

    /// <summary>Who asks.</summary>
    public required Owner Owner { get; init; }

    /// <summary>The addresses wanted, one per entry.</summary>
    public required IReadOnlyList<AllocationEntry> Entries { get; init; }

    /// <summary>The node the container runs on.</summary>
    public required string Node { get; init; }

    /// <summary>The container's pod, if known.</summary>
    public PodReference? Pod { get; init; }

    /// <summary>Path of the container's network namespace; may be empty.</summary>
    public string NetworkNamespace { get; init; } = "";
}
