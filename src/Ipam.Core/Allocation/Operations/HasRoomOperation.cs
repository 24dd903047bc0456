using Ipam.Core.Ledger;
using Ipam.Core.Ranges;

namespace Ipam.Core.Allocation.Operations;

/// <summary>Looks for a free address without taking it.</summary>
internal sealed class HasRoomOperation(string space, IReadOnlyList<AllocationRange> ranges, CancellationToken abandoned)
    : AwaitedOperation<bool>(abandoned)
{
    private bool _hasRoom;

    public override void Complete() => Succeed(_hasRoom);

    protected override void Plan(AddressLedger ledger, AllocationPlanner planner)
    {
        _hasRoom = ranges.Any(range => ledger.Space(space).HasRoom(range.Allocatable));
        DoubtsMemory = !_hasRoom;
    }
}
