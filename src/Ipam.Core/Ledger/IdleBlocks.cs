using Ipam.Core.Blocks;

namespace Ipam.Core.Ledger;

/// <summary>Blocks that hold nothing and needn't be kept.</summary>
internal static class IdleBlocks
{
    /// <summary>
    /// Proposes to delete the empty blocks whose last lease was handed out before <paramref name="emptySince"/> (a lease sequence), but not
    /// those that hold a range's place for the order <c>next</c>.
    /// </summary>
    public static void Delete(AddressLedger ledger, long emptySince)
    {
        foreach (var (_, space) in ledger.Spaces)
        {
            foreach (var block in space.Blocks)
            {
                if (!block.IsUnread && block.Held == 0 && block.Resting == 0 && !block.IsDirty && block.Stored.Version != 0 && block.LastSequence < emptySince
                    && !HoldsACursor(space, block))
                    ledger.Delete(block);
            }
        }
    }

    private static bool HoldsACursor(SpaceLedger space, LedgerBlock block) =>
        space.Views.Any(view => view.Addresses.Family == block.Id.Family && view.Cursor >> BlockId.SizeBits == block.Id.Index);
}
