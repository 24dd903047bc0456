using Cni.Protocol;
using Ipam.Configuration.Reading;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Configuration.Pods;

/// <summary>An attachment whose sticky owner is asked for.</summary>
/// <param name="Configuration">Its configuration.</param>
/// <param name="InterfaceName">The interface; null if it isn't known.</param>
/// <param name="Pod">Its pod, as far as the runtime named it.</param>
/// <param name="Args">CNI_ARGS.</param>
public sealed record StickyAttachment(PluginConfiguration Configuration, string? InterfaceName, AskingPod Pod, CniArgs Args);

/// <summary>Whose the addresses of an attachment are.</summary>
/// <param name="Owner">The sticky owner.</param>
public sealed record StickyFinding(StickyOwner Owner)
{
    /// <summary>The claim that is the owner; null for other owners.</summary>
    public IpamClaim? Claim { get; init; }

    /// <summary>The addresses that the claim wants and no others; none for any.</summary>
    public IReadOnlyList<Address> Requests { get; init; } = [];

    /// <summary>The machine in the pod that asks; null if there is none in it, or it isn't known.</summary>
    public string? Machine { get; init; }

    /// <summary>Whether the container may be one of a machine that moves, and that has another one beside it meanwhile.</summary>
    public bool Moves => Owner.Moves || Machine is not null;
}
