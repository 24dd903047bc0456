namespace Ipam.Stores.Kubernetes.Client;

/// <summary>What must hold of an object for it to be deleted.</summary>
/// <param name="ResourceVersion">The version it must have.</param>
/// <param name="Uid">The identity it must have; null for any.</param>
internal sealed record Preconditions(long ResourceVersion, string? Uid = null);
