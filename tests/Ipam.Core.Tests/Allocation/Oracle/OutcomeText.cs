using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;

namespace Ipam.Core.Tests.Allocation.Oracle;

/// <summary>Outcomes as text, to be compared and printed.</summary>
internal static class OutcomeText
{
    public static string Of(AllocationOutcome outcome) => outcome switch
    {
        AllocationOutcome.Allocated a =>
            string.Join(", ", a.Addresses.Select(static x => $"{x.Lease.Address} of {x.Range.Bounds}")) + (a.Replayed ? " again" : ""),
        AllocationOutcome.Exhausted e => $"entry {e.Entry} exhausted with {e.Held} held",
        AllocationOutcome.RequestRefused r => $"entry {r.Entry}: {r.Address} refused, {r.Reason} {r.InTheWay?.Address} {r.InTheWay?.Owner}",
        _ => throw new ArgumentException($"unknown outcome {outcome}"),
    };
}
