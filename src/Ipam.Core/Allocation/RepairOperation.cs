using Ipam.Core.Ledger;

namespace Ipam.Core.Allocation;

/// <summary>Something that the loop does while nothing else is under way, also while there is an obstacle.</summary>
internal sealed class RepairOperation(Func<CommitLoop, Task> repair) : AwaitedOperation<bool>(CancellationToken.None)
{
    public async Task RunAsync(CommitLoop loop)
    {
        await repair(loop);
        Succeed(true);
    }

    public override void Complete() => Succeed(true);

    protected override void Plan(AddressLedger ledger, AllocationPlanner planner)
    {
    }
}
