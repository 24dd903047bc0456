using System.Numerics;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Core.Ledger;

/// <summary>One address space in memory: its blocks, and the views of the ranges in use. Not thread-safe.</summary>
internal sealed class SpaceLedger
{
    private readonly string _name;
    private readonly Dictionary<(IpFamily, UInt128), LedgerBlock> _blocks = [];
    private readonly string _node;
    private readonly RangeViews _views = new();

    /// <param name="name">The space.</param>
    /// <param name="node">The node whose blocks are its own.</param>
    public SpaceLedger(string name, string node) => (_name, _node) = (name, node);

    /// <summary>When a look last brought all blocks of the space: a timestamp of the monotonic clock; null for never.</summary>
    public long? LookedAt { get; set; }

    public IEnumerable<LedgerBlock> Blocks => _blocks.Values;

    public IEnumerable<RangeView> Views => _views.All;

    /// <summary>Empty blocks that needn't stay in the store.</summary>
    public IEnumerable<LedgerBlock> IdleBlocks =>
        Blocks.Where(block => !block.IsUnread && block.Taken == 0 && !block.IsDirty && block.Stored.Version != 0 && !HoldsACursor(block));

    public LedgerBlock? Find(BlockId id) => _blocks.GetValueOrDefault((id.Family, id.Index));

    public LedgerBlock FindOrCreate(BlockId id)
    {
        if (_blocks.TryGetValue((id.Family, id.Index), out var block))
            return block;
        block = new LedgerBlock(new Block(id, []));
        _blocks.Add((id.Family, id.Index), block);
        return block;
    }

    public void Forget(BlockId id)
    {
        _blocks.Remove((id.Family, id.Index));
        _views.Observe(id, 0, BlockOwnership.Unclaimed);
    }

    /// <summary>Must be called after every change of a block.</summary>
    public void Changed(LedgerBlock block) => _views.Observe(block.Id, block.Unavailable, OwnershipOf(block));

    /// <summary>One bit for each address of a block that can't be handed out.</summary>
    public ulong Taken(IpFamily family, UInt128 index) => _blocks.TryGetValue((family, index), out var block) ? block.Taken : 0;

    public RangeView ViewOf(IntervalSet addresses) => _views.GetOrBuild(addresses, _blocks.Values, OwnershipOf);

    /// <summary>How full the ranges in use are.</summary>
    public IEnumerable<RangeUsage> Usage()
    {
        foreach (var addresses in Views.Select(static view => view.Addresses))
        {
            if (!addresses.IsEmpty)
            {
                yield return new RangeUsage(
                    _name, addresses.Span, addresses.Size, Count(addresses, static block => block.Held), Count(addresses, static block => block.SetAside));
            }
        }
    }

    /// <summary>How many addresses of a set have their bit in <paramref name="bits"/> of their block.</summary>
    public long Count(IntervalSet addresses, Func<LedgerBlock, ulong> bits)
    {
        long count = 0;
        foreach (var block in Blocks)
        {
            if (block.Id.Family == addresses.Family)
                count += BitOperations.PopCount(bits(block) & addresses.MaskOf(block.Id.Index));
        }
        return count;
    }

    private bool HoldsACursor(LedgerBlock block) =>
        Views.Any(view => view.Addresses.Family == block.Id.Family && view.Cursor >> BlockId.SizeBits == block.Id.Index);

    private BlockOwnership OwnershipOf(LedgerBlock block) =>
        block.IsUnread ? BlockOwnership.Unread
        : block.Damage is not null ? BlockOwnership.Foreign
        : !block.IsClaimed ? BlockOwnership.Unclaimed
        : block.Node == _node ? BlockOwnership.Own
        : BlockOwnership.Foreign;
}
