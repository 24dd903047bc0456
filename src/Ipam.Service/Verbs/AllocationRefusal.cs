using Cni.Protocol;
using Ipam.Core.Allocation;
using Ipam.Service.Configuration;

namespace Ipam.Service.Verbs;

/// <summary>The error object for an outcome that isn't an address.</summary>
internal static class AllocationRefusal
{
    public static CniException Of(AllocationOutcome outcome, string space) => outcome switch
    {
        AllocationOutcome.Exhausted exhausted => Of(exhausted, space),
        AllocationOutcome.RequestRefused refused => new CniException(IpamErrorCode.RequestRefused, Message(refused), Details(refused, space)),
        _ => throw new ArgumentException($"{outcome} is no refusal", nameof(outcome)),
    };

    private static CniException Of(AllocationOutcome.Exhausted exhausted, string space) =>
        exhausted.Ranges.All(static range => range.Allocatable.IsEmpty)
            ? InvalidConfiguration.Because(
                $"range set {exhausted.Entry} has no address to hand out: {RangeText.Of(exhausted.Ranges)}",
                "each one is excluded, a gateway, or a network or broadcast address; give a larger range, or exclude less")
            : new CniException(
                IpamErrorCode.Exhausted,
                $"no IP addresses available in range set {exhausted.Entry}: {RangeText.Of(exhausted.Ranges)}",
                $"{exhausted.Held} held in space \"{space}\"; see them with 'ipamctl lease list --space {space}', "
                + "release what is no longer used or add a range");

    private static string Message(AllocationOutcome.RequestRefused refused) => refused.Reason switch
    {
        RefusalReason.Gateway => $"requested IP address {refused.Address} is the subnet's gateway, which is never handed out",
        RefusalReason.Excluded => $"requested IP address {refused.Address} is never handed out: "
            + "it is excluded, another range's gateway, or its subnet's network or broadcast address",
        RefusalReason.OutsideRanges => $"requested IP address {refused.Address} is outside the configured ranges",
        RefusalReason.Held => $"requested IP address {refused.Address} is held by {refused.Holder!.Owner}",
        _ => $"requested IP address {refused.Address} can't be had: the interface already holds {refused.Holder!.Address}",
    };

    private static string Details(AllocationOutcome.RequestRefused refused, string space) => refused.Reason switch
    {
        RefusalReason.Held => $"see it with 'ipamctl lease show {refused.Address} --space {space}'",
        RefusalReason.OwnerHoldsAnother => "DEL the attachment first, then ADD it again",
        _ => "request another address, or change the ranges in the configuration",
    };
}
