using Ipam.Core.Blocks;

namespace Ipam.Core.Ledger;

/// <summary>When to look at which block because a cooldown in it ends: one wake-up for each block, however many of its addresses cool down. Not thread-safe.</summary>
internal sealed class CooldownWakeUps
{
    private readonly Dictionary<BlockId, DateTimeOffset> _times = [];
    private readonly SortedSet<(DateTimeOffset At, BlockId Block)> _inOrder = new(new InOrder());

    /// <summary>How many there are.</summary>
    public int Count => _times.Count;

    /// <summary>The block's first cooldown ends then; null if nothing in it cools down.</summary>
    public void Await(BlockId block, DateTimeOffset? at)
    {
        if (_times.TryGetValue(block, out var before))
        {
            if (before == at)
                return;
            _inOrder.Remove((before, block));
            _times.Remove(block);
        }
        if (at is not { } time)
            return;
        _times.Add(block, time);
        _inOrder.Add((time, block));
    }

    /// <summary>Takes a block whose time has come; false if there is none.</summary>
    public bool TryTake(DateTimeOffset now, out BlockId block)
    {
        block = default;
        if (_inOrder.Count == 0 || _inOrder.Min.At > now)
            return false;
        block = _inOrder.Min.Block;
        Await(block, null);
        return true;
    }

    public void Clear()
    {
        _times.Clear();
        _inOrder.Clear();
    }

    private sealed class InOrder : IComparer<(DateTimeOffset At, BlockId Block)>
    {
        public int Compare((DateTimeOffset At, BlockId Block) x, (DateTimeOffset At, BlockId Block) y)
        {
            var order = x.At.CompareTo(y.At);
            order = order != 0 ? order : x.Block.Family.CompareTo(y.Block.Family);
            order = order != 0 ? order : x.Block.Index.CompareTo(y.Block.Index);
            return order != 0 ? order : string.CompareOrdinal(x.Block.Space, y.Block.Space);
        }
    }
}
