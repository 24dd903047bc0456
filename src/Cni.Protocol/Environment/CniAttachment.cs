namespace Cni.Protocol;

/// <summary>One interface of one container: what ADD makes, DEL takes away, and GC's list names.</summary>
/// <param name="ContainerId">The container's id.</param>
/// <param name="IfName">The interface's name inside the container.</param>
public readonly record struct CniAttachment(string ContainerId, string IfName);
