using Ipam.Core.Blocks;

namespace Ipam.Core.Pools;

/// <summary>How addresses of a range are chosen.</summary>
public sealed record AllocationPolicy
{
    /// <summary>By how much the clocks of nodes that are kept right may differ.</summary>
    private static readonly TimeSpan ClockDifference = TimeSpan.FromSeconds(5);

    /// <summary>In which order addresses are tried.</summary>
    public AllocationOrder Order { get; init; }

    /// <summary>Whose blocks are used; null for what suits the store.</summary>
    public BlockAffinity? Affinity { get; init; }

    /// <summary>Whether a node never borrows from another node's blocks. Has a meaning with <see cref="BlockAffinity.Node"/> only.</summary>
    public bool IsStrict { get; init; }

    /// <summary>Whether a node may take addresses only from its own blocks and from blocks that nobody owns.</summary>
    public bool KeepsToOwnBlocks => IsStrict && Affinity == BlockAffinity.Node;

    /// <summary>How long a freed address cools down before it is handed out again; whole seconds, zero for not at all.</summary>
    public TimeSpan Cooldown { get; init; }

    /// <summary>Whether an address that is still cooling down is handed out when no other address is left.</summary>
    public bool ReusesCooling { get; init; }

    /// <summary>Whether an address stays that of an owner who outlives the container (<see cref="StickyOwner"/>), where there is one.</summary>
    public bool IsSticky { get; init; }

    /// <summary>How long it stays his without a container; whole seconds. Null for as long as he is there, and of a mere name for <see cref="StickyOwner.NameLasts"/>.</summary>
    public TimeSpan? StickyFor { get; init; }

    /// <summary>The longest time that may be said for <see cref="StickyFor"/>.</summary>
    public static TimeSpan MaxStickyFor { get; } = TimeSpan.FromDays(366);

    /// <summary>The longest cooldown of a freed address.</summary>
    public static TimeSpan MaxCooldown => Lease.MaxCooldown;

    /// <summary>
    /// When no other address is left, one whose cooldown ends after this moment may be handed out: any, if the policy says so, and else one that cools
    /// down for longer than <see cref="Cooldown"/>, which a clock began that was ahead or has since been set back.
    /// </summary>
    public DateTimeOffset ReusesAfter(DateTimeOffset now) =>
        ReusesCooling ? DateTimeOffset.MinValue : Cooldown == TimeSpan.Zero ? DateTimeOffset.MaxValue : now + Cooldown + ClockDifference;

    /// <summary>What is wrong with the policy: what was found and what is wanted; null if nothing is.</summary>
    /// <param name="where">What to call the object that has it.</param>
    public string? Check(string where) =>
        Cooldown < TimeSpan.Zero || Cooldown > MaxCooldown || Cooldown.Ticks % TimeSpan.TicksPerSecond != 0
            ? $"{where}: cooldownSeconds is {Cooldown.TotalSeconds}, wanted is a whole number from 0 to {MaxCooldown.TotalSeconds}"
        : StickyFor is { } time && (time < TimeSpan.FromSeconds(1) || time > MaxStickyFor)
            ? $"{where}: stickySeconds is {time.TotalSeconds}, wanted is a whole number from 1 to {MaxStickyFor.TotalSeconds}"
        : StickyFor is not null && !IsSticky
            ? $"{where}: stickySeconds means nothing without sticky; set sticky to true, or leave stickySeconds out"
        : null;
}

/// <summary>In which order the addresses of a range are handed out.</summary>
public enum AllocationOrder
{
    /// <summary>The first free address after the one handed out last, then from the start. So a freed address stays unused as long as possible.</summary>
    Next,

    /// <summary>The lowest free address.</summary>
    Lowest,

    /// <summary>The first free address after a random one.</summary>
    Random,
}

/// <summary>Whose blocks an address is taken from.</summary>
public enum BlockAffinity
{
    /// <summary>All nodes share all blocks.</summary>
    None,

    /// <summary>A node takes from its own blocks first. Then it claims a block that nobody owns. Then it borrows from another node's block.</summary>
    Node,
}
