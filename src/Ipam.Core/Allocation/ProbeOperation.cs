using Ipam.Core.Blocks;
using Ipam.Core.Ledger;

namespace Ipam.Core.Allocation;

/// <summary>Asks for the verdict that a request would get, and takes nothing.</summary>
internal sealed class ProbeOperation(string space, IReadOnlyList<AllocationEntry> entries, CancellationToken abandoned)
    : AwaitedOperation<AllocationOutcome.Exhausted?>(abandoned)
{
    private readonly Refusal _refusal = new(space);
    private AllocationOutcome.Exhausted? _verdict;

    public override void Complete() => Succeed(_verdict);

    public override bool Concerns(BlockId block) => block.Space == space && entries.Any(entry => IsIn(block, entry));

    protected override void Plan(AddressLedger ledger, AllocationPlanner planner)
    {
        _verdict = planner.Probe(space, entries);
        if (_verdict is null)
            return;
        IsRefused = true;
        Needs = _refusal.Before(planner, entries[_verdict.Entry], Look);
    }
}
