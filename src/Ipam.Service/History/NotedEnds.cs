using Ipam.Core.Blocks;

namespace Ipam.Service.History;

/// <summary>
/// Which of the ends that others left in blocks are noted already: a block shows them until this node writes it again. Who forgets it, notes some twice, and a history tells
/// of the first. Safe for use by several threads at once.
/// </summary>
internal sealed class NotedEnds
{
    private const int MostBlocks = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<BlockId, HashSet<LeaseToken>> _noted = [];
    private volatile int _count;

    /// <summary>The ends in a block that weren't asked for before.</summary>
    public IReadOnlyList<EndToNote> NewIn(Block block)
    {
        if (block.EndsToNote.Count == 0 && _count == 0)
            return [];
        lock (_lock)
        {
            _noted.Remove(block.Id, out var before);
            if (_noted.Count >= MostBlocks)
                _noted.Clear();
            if (block.EndsToNote.Count > 0)
                _noted.Add(block.Id, [.. block.EndsToNote.Select(static end => LeaseToken.Of(end.Ended.Lease))]);
            _count = _noted.Count;
            return before is null ? block.EndsToNote : [.. block.EndsToNote.Where(end => !before.Contains(LeaseToken.Of(end.Ended.Lease)))];
        }
    }
}
