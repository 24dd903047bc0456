namespace Ipam.Core.Stores;

/// <summary>A claim on addresses that outlives pods. Who made it is free in what it says, as far as the cluster's definition lets him.</summary>
/// <param name="Namespace">Its namespace, which is that of the pods that may name it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its UID: another one if it is deleted and made anew.</param>
/// <param name="Network">The network that it is for.</param>
/// <param name="InterfaceName">The interface that it is for; empty for any.</param>
/// <param name="Requests">The addresses that it wants, as texts.</param>
/// <param name="Status">What its status says.</param>
public sealed record IpamClaim(string Namespace, string Name, string Uid, string Network, string InterfaceName, IReadOnlyList<string> Requests, IpamClaimStatus Status)
{
    /// <summary>So many addresses its status can have.</summary>
    public const int MostAddresses = 2;

    /// <summary>The version that a write replaces.</summary>
    public string Version { get; init; } = "";

    /// <summary>Which of its specs this is.</summary>
    public long Generation { get; init; }

    /// <summary>As people name it, such as <c>IPAMClaim shop/db.blue</c>.</summary>
    public override string ToString() => $"IPAMClaim {Namespace}/{Name}";
}

/// <summary>What the status of a claim says.</summary>
/// <param name="Addresses">The addresses that it has, in CIDR notation.</param>
/// <param name="OwnerPod">The name of the pod that has them now; empty for none.</param>
/// <param name="Condition">Whether it got what it wants; null if nobody said.</param>
public sealed record IpamClaimStatus(IReadOnlyList<string> Addresses, string OwnerPod, IpamClaimCondition? Condition)
{
    /// <summary>What others say in conditions of their own, as they wrote it.</summary>
    public IReadOnlyList<string> OtherConditions { get; init; } = [];

    /// <summary>Whether people read the same in both.</summary>
    public bool Says(IpamClaimStatus other) => Addresses.SequenceEqual(other.Addresses, StringComparer.Ordinal) && OwnerPod == other.OwnerPod && Condition?.Says(other.Condition) == true;
}

/// <summary>The condition <c>IPsAllocated</c> of a claim.</summary>
/// <param name="IsTrue">Whether the claim has its addresses.</param>
/// <param name="Reason">Why, in one word.</param>
/// <param name="Message">Why, in a sentence.</param>
/// <param name="Since">Since when <paramref name="IsTrue"/> is what it is.</param>
public sealed record IpamClaimCondition(bool IsTrue, string Reason, string Message, DateTimeOffset Since)
{
    /// <summary>Whether people read the same in both.</summary>
    public bool Says(IpamClaimCondition? other) => other is not null && IsTrue == other.IsTrue && Reason == other.Reason && Message == other.Message;
}
