namespace Ipam.Core.Blocks;

/// <summary>The pod a container belongs to, where the runtime told us.</summary>
/// <param name="Namespace">The pod's namespace.</param>
/// <param name="Name">The pod's name.</param>
/// <param name="Uid">The pod's UID; empty where the runtime doesn't pass it.</param>
public sealed record PodReference(string Namespace, string Name, string Uid);
