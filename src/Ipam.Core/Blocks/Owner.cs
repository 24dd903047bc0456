using Ipam.Core.Addresses;

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
    private const string StaticPrefix = "static:";
    private const string ConflictPrefix = "conflict:";
    private const string KeptPrefix = "sticky:";

    /// <summary>
    /// Whether this is something outside, such as a printer or a router, that nobody but an admin speaks for: no runtime can name its network, as a name has no
    /// colon, and it has no node whose ipamd judges it. The mark is in the network's name, so that each store, export and older program keeps it as it is.
    /// </summary>
    public bool IsStatic => Network.StartsWith(StaticPrefix, StringComparison.Ordinal);

    /// <summary>
    /// Whether this is somebody on the wire who answered for the address when it was handed out: an address conflict. Marked in the same way.
    /// </summary>
    public bool IsConflict => Network.StartsWith(ConflictPrefix, StringComparison.Ordinal);

    /// <summary>
    /// Whether this is a sticky owner whose container is gone, and who keeps the address for the next one. Marked in the same way.
    /// </summary>
    public bool IsKept => Network.StartsWith(KeptPrefix, StringComparison.Ordinal);

    /// <summary>Whether what becomes of the lease's node says something of the owner: neither of what is static, nor of who keeps an address without a container.</summary>
    public bool EndsWithNode => !IsStatic && !IsKept;

    /// <summary>Whether this is no container of ours: nothing that is found out of containers says anything of it.</summary>
    public bool IsOutside => IsStatic || IsConflict;

    /// <summary>Whether this is a container of ours, and none of what is marked.</summary>
    public bool IsContainer => !IsOutside && !IsKept;

    /// <summary>
    /// The owner of an address that something outside uses. Each of its addresses has an owner of its own, so that one name may have several without a look at all
    /// of them.
    /// </summary>
    /// <param name="network">What the network outside is called.</param>
    /// <param name="name">What uses the address.</param>
    /// <param name="space">The address's space.</param>
    /// <param name="address">The address.</param>
    public static Owner Static(string network, string name, string space, Address address) => new(StaticPrefix + network, name, $"{space}/{address}");

    /// <summary>The owner of an address for which somebody on the wire answered. Each of its addresses has an owner of its own.</summary>
    /// <param name="network">The network whose container was to have the address.</param>
    /// <param name="answeredBy">The Ethernet address of the one who answered.</param>
    /// <param name="space">The address's space.</param>
    /// <param name="address">The address.</param>
    public static Owner Conflict(string network, string answeredBy, string space, Address address) => new(ConflictPrefix + network, answeredBy, $"{space}/{address}");

    /// <summary>The owner of an address that stays a sticky owner's while he has no container. Each of its addresses has an owner of its own.</summary>
    /// <param name="container">The container that had it.</param>
    /// <param name="sticky">Whose address it is.</param>
    /// <param name="space">The address's space.</param>
    /// <param name="address">The address.</param>
    public static Owner Kept(Owner container, StickyOwner sticky, string space, Address address) =>
        new(KeptPrefix + container.Network, sticky.ToString(), $"{container.InterfaceName}/{space}/{address}");

    /// <summary>What a sticky owner has the address for, of one of his containers or of none.</summary>
    internal StickyInterface Of(StickyOwner sticky) => IsKept
        ? new StickyInterface(sticky, Network[KeptPrefix.Length..], InterfaceName.Split('/')[0])
        : new StickyInterface(sticky, Network, InterfaceName);

    /// <inheritdoc/>
    public override string ToString() => $"{Network}/{ContainerId}/{InterfaceName}";
}
