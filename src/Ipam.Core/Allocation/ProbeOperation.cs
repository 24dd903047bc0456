using Ipam.Core.Blocks;
using Ipam.Core.Ledger;

namespace Ipam.Core.Allocation;

/// <summary>Asks for the verdict that a request would get, and takes nothing.</summary>
internal sealed class ProbeOperation(string space, IReadOnlyList<AllocationEntry> entries, CancellationToken abandoned)
    : AwaitedOperation<AllocationOutcome.Exhausted?>(abandoned)
{
    private AllocationOutcome.Exhausted? _verdict;

    public override void Complete() => Succeed(_verdict);

    public override bool Wants(BlockSummary block) =>
        block.Id.Space == space && entries.Any(entry => entry.Ranges.Any(range => HasRoom(range, block)));

    protected override void Plan(AddressLedger ledger, AllocationPlanner planner)
    {
        _verdict = planner.Probe(space, entries);
        if (_verdict is null)
            return;
        NeedsRevalidation = true;
        // An unread block is known to have free addresses, so the store must be asked once more.
        IsRevalidated &= !planner.MayBeSatisfied(space, entries[_verdict.Entry]);
    }
}
