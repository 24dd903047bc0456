namespace Ipam.Core.Blocks;

/// <summary>
/// Who holds addresses: one attachment of a container to a network. The CNI specification, section 2, makes this the key of an
/// attachment. Compared by ordinal text.
/// </summary>
/// <param name="Network">The network's name.</param>
/// <param name="ContainerId">The container id.</param>
/// <param name="InterfaceName">The interface name inside the container.</param>
public sealed record Owner(string Network, string ContainerId, string InterfaceName)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Network}/{ContainerId}/{InterfaceName}";
}
