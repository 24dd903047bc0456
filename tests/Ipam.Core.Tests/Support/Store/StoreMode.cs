namespace Ipam.Core.Tests.Support.Store;

/// <summary>How a store commits several blocks.</summary>
public enum StoreMode
{
    /// <summary>All changes or none, and an owner has no two leases for one entry: SQLite, Redis.</summary>
    AllOrNothing,

    /// <summary>Each change for itself: Kubernetes.</summary>
    PerBlock,
}
