using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Core.Ledger;

/// <summary>
/// The blocks of this node, those with leases of this node, and nobody's with static leases, which no node else would remember, as the store last confirmed them. What the store says later can't contradict them,
/// unless it lost data: a block's version only grows, and nobody deletes a block with leases in it. Not thread-safe.
/// </summary>
internal sealed class DurableBlocks(string node, ILeaseMirror? mirror)
{
    private readonly Dictionary<BlockId, Block> _blocks = [];
    private readonly Dictionary<BlockId, HashSet<LeaseToken>> _mayHaveEnded = [];
    private IReadOnlySet<LeaseToken> _formerLeases = new HashSet<LeaseToken>();
    private bool _isRelearning;

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<Block> All => _blocks.Values;

    /// <summary>Takes what earlier runs of this node had confirmed.</summary>
    /// <param name="blocks">The blocks.</param>
    /// <param name="formerLeases">Leases that the node handed out under other names.</param>
    public void Remember(IEnumerable<Block> blocks, IReadOnlySet<LeaseToken> formerLeases)
    {
        _formerLeases = formerLeases;
        Remember(blocks);
    }

    /// <summary>Whether the node handed the lease out.</summary>
    public bool IsOurs(Lease lease) => lease.Node == node || (_formerLeases.Count > 0 && _formerLeases.Contains(LeaseToken.Of(lease)));

    /// <summary>What the store once confirmed of a block; null for nothing.</summary>
    public Block? Find(BlockId id) => _blocks.GetValueOrDefault(id);

    /// <summary>The store has this block, or (null) doesn't have it.</summary>
    /// <exception cref="StoreException">It lost data.</exception>
    public void Learn(BlockId id, Block? current)
    {
        var known = _blocks.GetValueOrDefault(id);
        if (known is not null && Contradiction(known, current) is { } contradiction)
            throw new StoreException(contradiction) { IsLoss = true, IsOfOneBlock = current is null };
        Confirm(id, known, current);
    }

    /// <summary>A commit whose outcome isn't known ended these leases, or didn't. If it did, anybody may have deleted the block since.</summary>
    public void MayHaveEnded(BlockId id, IReadOnlyList<EndedLease> leases)
    {
        if (leases.Count == 0)
            return;
        if (!_mayHaveEnded.TryGetValue(id, out var ended))
            _mayHaveEnded.Add(id, ended = []);
        ended.UnionWith(leases.Select(static end => LeaseToken.Of(end.Lease)));
    }

    /// <summary>The blocks that are not among those of memory.</summary>
    public IReadOnlyList<BlockId> Without(Func<BlockId, bool> isThere) => [.. _blocks.Keys.Where(id => !isThere(id))];

    /// <summary>
    /// Takes what <paramref name="load"/> learns for the truth, whatever was known before; if it fails, all stays as it was. Of damaged blocks, which
    /// nothing is learned of, what was known stays.
    /// </summary>
    public async Task RelearnAsync(Func<Task> load, Func<BlockId, bool> isDamaged)
    {
        var known = _blocks.Values.ToArray();
        _blocks.Clear();
        _isRelearning = true;
        try
        {
            await load();
            Remember(known.Where(block => isDamaged(block.Id)));
        }
        catch
        {
            _blocks.Clear();
            Remember(known);
            throw;
        }
        finally
        {
            _isRelearning = false;
        }
        foreach (var block in known.Where(block => !_blocks.ContainsKey(block.Id)))
            mirror?.Forgotten(block.Id);
        foreach (var block in _blocks.Values)
            mirror?.Confirmed(null, block);
        Flush();
    }

    /// <summary>What was learned is to survive the end of the process.</summary>
    public void Flush() => mirror?.Flush();

    private void Remember(IEnumerable<Block> blocks)
    {
        foreach (var block in blocks)
            _blocks[block.Id] = block;
    }

    private void Confirm(BlockId id, Block? known, Block? current)
    {
        // As long as the store has the version that the commit was made from, the commit may still arrive.
        if (current is null || current.Version != known?.Version)
            _mayHaveEnded.Remove(id);
        if (current is not null && (current.Node == node || HoldsLeaseOfNode(current) || (current.Node is null && current.HasStaticLeases)))
        {
            _blocks[id] = current;
            if (!_isRelearning)
                mirror?.Confirmed(known, current);
        }
        else if (_blocks.Remove(id) && !_isRelearning)
        {
            mirror?.Forgotten(id);
        }
    }

    private string? Contradiction(Block known, Block? current)
    {
        if (current is null)
            return MustHold(known) ? $"the block {known.Id}, with leases of this node in it, is gone from the store" : null;
        return current.Version < known.Version
            ? $"the block {known.Id} has the version {current.Version} in the store, and had {known.Version} before"
            : null;
    }

    /// <summary>Whether nobody else may have emptied the block: it has a container of this node. What is kept without one, the leader ends, and other nodes do.</summary>
    private bool MustHold(Block block)
    {
        var ended = _mayHaveEnded.GetValueOrDefault(block.Id);
        return block.Leases.Any(lease => IsOurs(lease) && !lease.Owner.IsKept && ended?.Contains(LeaseToken.Of(lease)) != true);
    }

    private bool HoldsLeaseOfNode(Block block)
    {
        foreach (var lease in block.Leases)
        {
            if (IsOurs(lease))
                return true;
        }
        return false;
    }
}
