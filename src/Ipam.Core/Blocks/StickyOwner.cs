using System.Buffers;

namespace Ipam.Core.Blocks;

/// <summary>Who an address belongs to for longer than a container lives.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Namespace">The namespace that its name is of; empty outside a cluster.</param>
/// <param name="Name">Its name: of a pod of a StatefulSet the pod's.</param>
public sealed record StickyOwner(StickyKind Kind, string Namespace, string Name)
{
    private const int LongestName = 253;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._");

    /// <summary>How long a name that somebody made up keeps an address without a container, unless a policy says it: no object ends that tells of it.</summary>
    public static TimeSpan NameLasts { get; } = TimeSpan.FromDays(7);

    /// <summary>The UID of an IPAMClaim, by which one that is made anew under the name is another owner; empty for all others.</summary>
    public string Uid { get; init; } = "";

    /// <summary>Whether it is an IPAMClaim, which keeps its addresses whatever the policy of their ranges is: who names one wants just that.</summary>
    public bool IsIpamClaim => Kind == StickyKind.IPAMClaim;

    /// <summary>Whether a container gets the address while the one before it lives, as the two are one machine that moves.</summary>
    public bool Moves => Kind == StickyKind.VirtualMachine;

    /// <summary>The name of the object that it ends with: of a pod of a StatefulSet its set's, which is the pod's without the ordinal.</summary>
    public string ObjectName => Kind == StickyKind.StatefulSet ? Name[..Math.Max(0, Name.LastIndexOf('-'))] : Name;

    /// <summary>That object as people name it, such as <c>StatefulSet shop/web</c>.</summary>
    public string ObjectText => $"{Kind} {Namespace}/{ObjectName}{(IsIpamClaim ? $" with UID {Uid}" : "")}";

    /// <summary>What is wrong with a name that somebody made up; null if nothing is.</summary>
    public static string? Check(string name) =>
        name.Length is 0 or > LongestName || name.AsSpan().ContainsAnyExcept(NameCharacters)
            ? $"\"{name}\", wanted are 1 to {LongestName} letters, digits, '-', '_' and '.'"
            : null;

    /// <summary>As people and stores write it, such as <c>StatefulSet/shop/web-0</c>.</summary>
    public override string ToString() => $"{Kind}/{Namespace}/{Name}{(IsIpamClaim ? $"/{Uid}" : "")}";

    /// <summary>Reads what <see cref="ToString"/> wrote; null for what is none.</summary>
    public static StickyOwner? Parse(string text)
    {
        if (text.Split('/') is not [var kind, var space, { Length: > 0 } name, .. var rest] || !Enum.TryParse<StickyKind>(kind, out var known) || known.ToString() != kind)
            return null;
        return (known, rest) switch
        {
            (StickyKind.IPAMClaim, [{ Length: > 0 } uid]) => new StickyOwner(known, space, name) { Uid = uid },
            (not StickyKind.IPAMClaim, []) => new StickyOwner(known, space, name),
            _ => null,
        };
    }
}

/// <summary>What a sticky owner is. The names are a contract: stores keep them.</summary>
public enum StickyKind
{
    /// <summary>A name that somebody gave.</summary>
    Name,

    /// <summary>A pod of a StatefulSet.</summary>
    StatefulSet,

    /// <summary>A virtual machine of KubeVirt.</summary>
    VirtualMachine,

    /// <summary>An IPAMClaim (<c>k8s.cni.cncf.io</c>).</summary>
    IPAMClaim,
}
