using Ipam.Core.Ledger;

namespace Ipam.Core.Allocation;

/// <summary>Reads something off the memory.</summary>
internal sealed class QueryOperation<T>(Func<AddressLedger, T> query, CancellationToken abandoned) : AwaitedOperation<T>(abandoned)
{
    private T? _result;

    public override void Complete() => Succeed(_result!);

    protected override void Plan(AddressLedger ledger, AllocationPlanner planner) => _result = query(ledger);
}
