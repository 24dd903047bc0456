using Ipam.Core.Blocks;

namespace Ipam.Service.History;

/// <summary>
/// Changes of which nobody knows whether the store wrote them, until a look at their blocks tells. The oldest are forgotten when there are too many. Safe for use by several
/// threads at once.
/// </summary>
internal sealed class UnsettledChanges
{
    private const int Most = 1000;

    private readonly Lock _lock = new();
    private readonly Queue<Unsettled> _changes = [];
    private volatile int _count;

    /// <summary>Notes changes whose request failed.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="askedAt">When the store was asked to write them.</param>
    public void Add(IReadOnlyList<BlockChange> changes, DateTimeOffset askedAt)
    {
        lock (_lock)
        {
            foreach (var change in changes)
                _changes.Enqueue(new Unsettled(change, askedAt));
            while (_changes.Count > Most)
                _changes.Dequeue();
            _count = _changes.Count;
        }
    }

    /// <summary>What was written after all, as a block shows that was read. It and what can't be written any more are then settled.</summary>
    /// <param name="block">The block.</param>
    public IReadOnlyList<Unsettled> Settle(Block block)
    {
        if (_count == 0)
            return [];
        List<Unsettled> written = [];
        lock (_lock)
        {
            for (var i = _changes.Count; i > 0; i--)
            {
                var unsettled = _changes.Dequeue();
                // As long as the block has the version that the change was made from, its request may still be on its way.
                if (unsettled.Change.Block.Id != block.Id || unsettled.Change.Block.Version == block.Version)
                    _changes.Enqueue(unsettled);
                else if (unsettled.In(block) is { } seen)
                    written.Add(seen);
            }
            _count = _changes.Count;
        }
        return written;
    }
}

/// <summary>A change of which nobody knows whether it was written.</summary>
/// <param name="Change">The change.</param>
/// <param name="AskedAt">When the store was asked to write it.</param>
internal sealed record Unsettled(BlockChange Change, DateTimeOffset AskedAt)
{
    /// <summary>The change as a block shows it: the leases that are there, and the ends of those that aren't. Null if it shows none of it.</summary>
    public Unsettled? In(Block block)
    {
        Lease[] added = [.. block.Leases.Where(lease => Change.Added.Any(lease.IsPlacedFrom))];
        // Of a change that adds leases, these say whether it was written; what another change did isn't its own.
        if (Change.Added.Count > 0 && added.Length == 0)
            return null;
        EndedLease[] ended = [.. Change.Ended.Where(end => !block.Leases.Any(lease => LeaseToken.Of(lease) == LeaseToken.Of(end.Lease)))];
        return added.Length == 0 && ended.Length == 0 ? null : this with { Change = Change with { Added = added, Ended = ended } };
    }
}
