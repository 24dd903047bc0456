using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Core.Ledger;

/// <summary>
/// The blocks of this node, and those with leases of this node, as the store last confirmed them. What the store says later can't contradict them,
/// unless it lost data: a block's version only grows, and nobody but this node deletes a block of this node. Not thread-safe.
/// </summary>
internal sealed class DurableBlocks(string node, ILeaseMirror? mirror)
{
    private readonly Dictionary<BlockId, Block> _blocks = [];
    private IReadOnlyList<string> _formerNames = [];

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<Block> All => _blocks.Values;

    /// <summary>Takes what earlier runs of this node had confirmed, under this name or others.</summary>
    public void Remember(IEnumerable<Block> blocks, IReadOnlyList<string> formerNames)
    {
        _formerNames = formerNames;
        Remember(blocks);
    }

    /// <summary>Whether the node has this name, or had it before.</summary>
    public bool IsNameOfNode(string? name) => name is not null && (name == node || _formerNames.Contains(name));

    /// <summary>The store has this block, or (null) doesn't have it.</summary>
    /// <exception cref="StoreException">It lost data.</exception>
    public void Learn(BlockId id, Block? current)
    {
        var known = _blocks.GetValueOrDefault(id);
        if (known is not null && Contradiction(known, current) is { } contradiction)
            throw new StoreException(contradiction) { IsLoss = true, IsOfOneBlock = current is null };
        Confirm(id, known, current);
    }

    /// <summary>Whether the store lost nothing, if it has none of the blocks but those that were learned.</summary>
    /// <param name="isThere">Whether it has a block.</param>
    /// <exception cref="StoreException">It lost data.</exception>
    public void LearnAllOthersAreGone(Func<BlockId, bool> isThere)
    {
        foreach (var id in _blocks.Keys.Where(id => !isThere(id)).ToArray())
            Learn(id, null);
    }

    /// <summary>Takes what <paramref name="load"/> learns for the truth, whatever was known before; if it fails, all stays as it was.</summary>
    public async Task RelearnAsync(Func<Task> load)
    {
        var known = _blocks.Values.ToArray();
        _blocks.Clear();
        try
        {
            await load();
        }
        catch
        {
            Remember(known);
            throw;
        }
        foreach (var block in known)
        {
            if (!_blocks.ContainsKey(block.Id))
                mirror?.Forgotten(block.Id);
        }
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
        if (current is not null && (IsNameOfNode(current.Node) || HoldsLeaseOfNode(current)))
        {
            _blocks[id] = current;
            if (known?.Version != current.Version)
                mirror?.Confirmed(known, current);
        }
        else if (_blocks.Remove(id))
        {
            mirror?.Forgotten(id);
        }
    }

    private string? Contradiction(Block known, Block? current)
    {
        if (current is null)
            return IsNameOfNode(known.Node) && HoldsLeaseOfNode(known) ? $"the block {known.Id} of this node, with leases in it, is gone from the store" : null;
        return current.Version < known.Version
            ? $"the block {known.Id} has the version {current.Version} in the store, and had {known.Version} before"
            : null;
    }

    private bool HoldsLeaseOfNode(Block block)
    {
        foreach (var lease in block.Leases)
        {
            if (IsNameOfNode(lease.Node))
                return true;
        }
        return false;
    }
}
