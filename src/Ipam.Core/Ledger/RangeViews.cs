using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Core.Ledger;

/// <summary>
/// The views of the ranges in use. A runtime may send other ranges with every call, so only the views that were used last are kept. If an old
/// view is needed again, it is built again from the blocks. Not thread-safe.
/// </summary>
internal sealed class RangeViews
{
    /// <summary>More distinct ranges than one node's networks have.</summary>
    private const int Capacity = 512;

    private readonly Dictionary<IntervalSet, LinkedListNode<RangeView>> _views = [];
    private readonly LinkedList<RangeView> _lastUsedFirst = [];
    private volatile RangeView[] _all = [];

    /// <summary>All views. May be read by any thread.</summary>
    public IReadOnlyList<RangeView> All => _all;

    public RangeView GetOrBuild(IntervalSet addresses, IEnumerable<LedgerBlock> blocks, Func<LedgerBlock, BlockOwnership> ownershipOf)
    {
        if (_views.TryGetValue(addresses, out var node))
        {
            _lastUsedFirst.Remove(node);
            _lastUsedFirst.AddFirst(node);
            return node.Value;
        }
        var view = Build(addresses, blocks, ownershipOf);
        _views.Add(addresses, _lastUsedFirst.AddFirst(view));
        if (_views.Count > Capacity)
        {
            _views.Remove(_lastUsedFirst.Last!.Value.Addresses);
            _lastUsedFirst.RemoveLast();
        }
        _all = [.. _lastUsedFirst];
        return view;
    }

    /// <summary>Tells the views what a block is like now.</summary>
    public void Observe(BlockId id, ulong taken, BlockOwnership ownership, BlockCounts before, BlockCounts now)
    {
        foreach (var view in _all)
        {
            if (view.Addresses.Family != id.Family)
                continue;
            view.Observe(id.Index, taken, ownership);
            view.Count(id.Index, before, now);
        }
    }

    private static RangeView Build(
        IntervalSet addresses, IEnumerable<LedgerBlock> blocks, Func<LedgerBlock, BlockOwnership> ownershipOf)
    {
        var view = new RangeView(addresses);
        long lastSequence = 0;
        foreach (var block in blocks)
        {
            if (block.Id.Family != addresses.Family)
                continue;
            view.Observe(block.Id.Index, block.Unavailable, ownershipOf(block));
            view.Count(block.Id.Index, default, block.Counted);
            if (block.LastSequence > lastSequence && block.LastOffset >= 0
                && addresses.Contains(block.Id.AddressAt(block.LastOffset)))
            {
                lastSequence = block.LastSequence;
                view.Cursor = block.Id.AddressAt(block.LastOffset).Value;
            }
        }
        return view;
    }
}
