namespace Ipam.Stores.Kubernetes.Client;

/// <summary>What became of a write.</summary>
internal enum WriteOutcome
{
    /// <summary>It was done, durably.</summary>
    Written,

    /// <summary>The object has another version, or is there already. Nothing was written.</summary>
    Conflict,

    /// <summary>There is no such object. Nothing was written.</summary>
    Missing,
}
