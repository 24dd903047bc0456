using Ipam.Core.Blocks;
using Ipam.Core.Ledger;

namespace Ipam.Core.Allocation;

/// <summary>
/// The blocks over which commits lately conflicted so that nothing else in them was written either. Nothing gets here where a store commits each block for
/// itself. Not thread-safe.
/// </summary>
internal sealed class ContendedBlocks(TimeProvider time)
{
    /// <summary>How long others are taken to go on changing a block.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Dictionary<BlockId, long> _conflictedAt = [];

    /// <summary>A commit came back.</summary>
    public void Learn(CommitReport report)
    {
        if (report.Aborted.Count == 0)
            return;
        foreach (var (block, at) in _conflictedAt)
        {
            if (time.GetElapsedTime(at) > Patience)
                _conflictedAt.Remove(block);
        }
        foreach (var block in report.Conflicted)
            _conflictedAt[block] = time.GetTimestamp();
    }

    /// <summary>Those of the proposed changes that are to be committed by themselves, with all that an operation needs to be committed along with them.</summary>
    public HashSet<BlockId> Among(IEnumerable<LedgerBlock> proposed, List<Operation> operations)
    {
        HashSet<BlockId> found = [];
        if (_conflictedAt.Count == 0)
            return found;
        found.UnionWith(proposed.Select(static block => block.Id).Where(id => _conflictedAt.TryGetValue(id, out var at) && time.GetElapsedTime(at) <= Patience));
        for (var before = 0; found.Count > before;)
        {
            before = found.Count;
            foreach (var operation in operations.Where(operation => operation.ReliesOn.Exists(block => found.Contains(block.Id))))
                found.UnionWith(operation.ReliesOn.Select(static block => block.Id));
        }
        return found;
    }
}
