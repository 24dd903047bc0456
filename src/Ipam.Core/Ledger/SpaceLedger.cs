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
        _blocks.Remove((id.Family, id.Index), out var block);
        _views.Observe(id, 0, BlockOwnership.Unclaimed, block?.Counted ?? default, default);
    }

    /// <summary>Must be called after every change of a block.</summary>
    public void Changed(LedgerBlock block)
    {
        var (before, now) = (block.Counted, block.Counts);
        block.Counted = now;
        _views.Observe(block.Id, block.Unavailable, OwnershipOf(block), before, now);
    }

    /// <summary>One bit for each address of a block that can't be handed out.</summary>
    public ulong Taken(IpFamily family, UInt128 index) => _blocks.TryGetValue((family, index), out var block) ? block.Taken : 0;

    public RangeView ViewOf(IntervalSet addresses) => _views.GetOrBuild(addresses, _blocks.Values, OwnershipOf);

    /// <summary>How full the ranges in use are, changes that are not yet committed included. May be called by any thread.</summary>
    public IEnumerable<RangeUsage> Usage() => Views.Where(static view => !view.Addresses.IsEmpty)
        .Select(view => new RangeUsage(_name, view.Addresses.Span, view.Addresses.Size, view.Held, view.SetAside));

    private bool HoldsACursor(LedgerBlock block) =>
        Views.Any(view => view.Addresses.Family == block.Id.Family && view.Cursor >> BlockId.SizeBits == block.Id.Index);

    private BlockOwnership OwnershipOf(LedgerBlock block) =>
        block.IsUnread ? BlockOwnership.Unread
        : block.Damage is not null ? BlockOwnership.Foreign
        : !block.IsClaimed ? BlockOwnership.Unclaimed
        : block.Node == _node ? BlockOwnership.Own
        : BlockOwnership.Foreign;
}
