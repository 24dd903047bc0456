namespace Ipam.Core.Pools;

/// <summary>In which order the addresses of a range are handed out.</summary>
public enum AllocationOrder
{
    /// <summary>The first free one behind the one handed out last, then from the start: a freed address stays free as long as possible.</summary>
    Next,

    /// <summary>The lowest free one.</summary>
    Lowest,

    /// <summary>The first free one behind a random one.</summary>
    Random,
}
