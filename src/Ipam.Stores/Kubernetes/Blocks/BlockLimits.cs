namespace Ipam.Stores.Kubernetes.Blocks;

/// <summary>How many blocks are asked for at a time.</summary>
/// <param name="ObjectsPerPage">Blocks without their leases, or of a node, in one request of a listing.</param>
/// <param name="BlocksPerPage">Whole blocks of a space in one request of a listing.</param>
/// <param name="AtOnce">Blocks written at the same time, over all callers; as many others may be read.</param>
internal sealed record BlockLimits(int ObjectsPerPage, int BlocksPerPage, int AtOnce);
