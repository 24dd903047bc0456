using Ipam.Core.Blocks;
using Ipam.Core.Ledger;
using Ipam.Core.Pools;

namespace Ipam.Core.Allocation;

/// <summary>Looks for a free address without taking it.</summary>
internal sealed class HasRoomOperation(string space, IReadOnlyList<AllocationRange> ranges, CancellationToken abandoned)
    : AwaitedOperation<bool>(abandoned)
{
    private bool _hasRoom;

    public override void Complete() => Succeed(_hasRoom);

    public override bool Wants(BlockSummary block) =>
        block.Id.Space == space && ranges.Any(range => HasRoom(range, block));

    protected override void Plan(AddressLedger ledger, AllocationPlanner planner)
    {
        _hasRoom = ranges.Any(range => ledger.Space(space).HasRoom(range.Allocatable));
        NeedsRevalidation = !_hasRoom;
    }
}
