using Cni.Protocol;
using Ipam.Configuration.Keys;
using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Pools;

namespace Ipam.Configuration.Ranges;

/// <summary>The error object for an outcome that isn't an address.</summary>
public static class AllocationRefusal
{
    /// <summary>The error.</summary>
    /// <param name="outcome">The outcome: no <see cref="AllocationOutcome.Allocated"/>.</param>
    /// <param name="ranges">What was asked for.</param>
    public static CniException Of(AllocationOutcome outcome, RangeSets ranges) => outcome switch
    {
        AllocationOutcome.Exhausted exhausted => Of(exhausted, ranges),
        AllocationOutcome.RequestRefused refused => new CniException(IpamErrorCode.RequestRefused, Message(refused, ranges), Details(refused, ranges.Space)),
        _ => throw new ArgumentException($"{outcome} is no refusal", nameof(outcome)),
    };

    private static CniException Of(AllocationOutcome.Exhausted exhausted, RangeSets ranges)
    {
        var obstacles = string.Join("; ", ranges.Obstacles);
        if (obstacles.Length > 0 && exhausted.Ranges.All(static range => range.Pool is not null && range.Allocatable.IsEmpty))
        {
            return new CniException(
                IpamErrorCode.Exhausted,
                $"no pool can be used{(ranges.Choice is { } choice ? $" of those that {choice.Source} names" : "")}: {obstacles}",
                "see them with 'ipamctl pool show', enable or widen one of them, give who asks the labels that it wants, or name another");
        }
        return exhausted.Ranges.All(static range => range.Allocatable.IsEmpty)
            ? InvalidConfiguration.Because(
                $"{RangeText.Of(exhausted.Ranges, exhausted.Entry)} has no address to hand out: {RangeText.Of(exhausted.Ranges)}",
                "each one is excluded, reserved, a gateway, or a network or broadcast address; give a larger range, or exclude less")
            : new CniException(
                IpamErrorCode.Exhausted,
                $"no IP addresses available in {RangeText.Of(exhausted.Ranges, exhausted.Entry)}: {RangeText.Of(exhausted.Ranges)}",
                $"{exhausted.Held} held in space \"{ranges.Space}\"{(exhausted.CoolingDown > 0 ? $" and {exhausted.CoolingDown} cooling down" : "")}"
                + $"{(exhausted.SetAside > 0 ? $" and {exhausted.SetAside} in damaged blocks, which 'ipamctl space list' names" : "")}"
                + $"{(exhausted.KeptFrom > 0 ? KeptFrom(exhausted) : "")}; "
                + $"see them with 'ipamctl lease list --space {ranges.Space}', release what is no longer used or add a range"
                + (obstacles.Length > 0 ? $"; {obstacles}" : ""));
    }

    /// <summary>That there are addresses, of which the policy lets this node have none, and what to do about it.</summary>
    private static string KeptFrom(AllocationOutcome.Exhausted exhausted)
    {
        var policies = exhausted.Ranges.Where(static range => range.Policy.KeepsToOwnBlocks).Select(static range => range.Pool).Distinct()
            .Select(static pool => pool is null ? "set strict to false in ipam" : $"run 'ipamctl pool edit {pool} --set strict=false'");
        return $"; {exhausted.KeptFrom} more are free in blocks of other nodes, which strict keeps this node from; to let it borrow them, {string.Join(" and ", policies)}";
    }

    private static string Message(AllocationOutcome.RequestRefused refused, RangeSets ranges) => refused.Reason switch
    {
        RefusalReason.Gateway => $"requested IP address {refused.Address} is the subnet's gateway, which is never handed out",
        RefusalReason.Excluded when ranges.ReservationOf(refused.Address) is { } reservation =>
            $"requested IP address {refused.Address} is reserved by \"{reservation.Name}\"{(reservation.Reason.Length > 0 ? $" ({reservation.Reason})" : "")}",
        RefusalReason.Excluded when ranges.ObstacleOf.Count > 0 =>
            $"requested IP address {refused.Address} can't be had: {string.Join("; ", ranges.Obstacles)}",
        RefusalReason.Excluded => $"requested IP address {refused.Address} is never handed out: "
            + "it is excluded, left out by skipEdges, another range's gateway, or its subnet's network or broadcast address",
        RefusalReason.OutsideRanges => $"requested IP address {refused.Address} is outside the configured ranges",
        RefusalReason.Held when refused.InTheWay is { Owner.IsConflict: true } conflict =>
            $"requested IP address {refused.Address} is in use on the wire: {conflict.Owner.ContainerId} answered for it",
        RefusalReason.Held => $"requested IP address {refused.Address} is held by {refused.InTheWay?.Owner.ToString() ?? "another node"}",
        RefusalReason.Damaged => $"requested IP address {refused.Address} is in a damaged block, so nobody can say whether it is free",
        RefusalReason.CoolingDown => $"requested IP address {refused.Address} was freed a short while ago and cools down",
        _ => $"requested IP address {refused.Address} can't be had: the interface already holds {refused.InTheWay!.Address}",
    };

    private static string Details(AllocationOutcome.RequestRefused refused, string space) => refused.Reason switch
    {
        RefusalReason.Held when refused.InTheWay is { Owner.IsConflict: true } conflict =>
            $"it is kept from everybody until {conflict.EndsAt:u}; find out what uses it, or request another address",
        RefusalReason.Held => $"see it with 'ipamctl lease show {refused.Address} --space {space}'",
        RefusalReason.Damaged => $"see what is wrong with 'ipamctl lease show {refused.Address} --space {space}', and mend it; or request another address",
        RefusalReason.CoolingDown => "request another address, or wait until cooldownSeconds are over",
        RefusalReason.OwnerHoldsAnother => "DEL the attachment first, then ADD it again",
        _ => "request another address, or change the ranges in the configuration",
    };
}
