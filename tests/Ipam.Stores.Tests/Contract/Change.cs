using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Stores.Tests.Contract;

/// <summary>Makes changes from a block as it is.</summary>
internal static class Change
{
    /// <summary>Gives addresses of the block.</summary>
    public static BlockChange Give(Block block, params Lease[] added) => Of(block, added, []);

    /// <summary>Takes addresses back.</summary>
    public static BlockChange Release(Block block, params Lease[] removed) => Of(block, [], removed);

    /// <summary>Takes addresses back and gives others, or the same anew.</summary>
    public static BlockChange Of(Block block, IReadOnlyList<Lease> added, IReadOnlyList<Lease> removed)
    {
        var leases = block.Leases.Where(lease => !removed.Any(lease.IsSameAs)).Concat(added);
        var after = new Block(block.Id, leases)
        {
            Node = block.Node,
            Version = block.Version,
            LastSequence = added.Select(lease => lease.Sequence).Append(block.LastSequence).Max(),
            Cooling = block.Cooling,
            LastOffset = added.Count == 0 ? block.LastOffset : BlockId.OffsetOf(added[^1].Address),
        };
        return new BlockChange(after, added, [.. removed.Select(static lease => new EndedLease(lease, new ReleaseReason(ReleaseCause.Del, "node")))]);
    }

    /// <summary>Takes the block itself away, with what it holds.</summary>
    public static BlockChange Delete(Block block) => Of(block, [], block.Leases) with { Delete = true };
}
