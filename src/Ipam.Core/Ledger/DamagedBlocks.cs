using Ipam.Core.Blocks;

namespace Ipam.Core.Ledger;

/// <summary>Which blocks of the store can't be read, and what is new about that. Not thread-safe.</summary>
internal sealed class DamagedBlocks
{
    private readonly Dictionary<BlockId, DamagedBlock> _known = [];

    /// <summary>Those of which not even the identity can be read, by what is said of them.</summary>
    private readonly Dictionary<string, DamagedBlock> _nameless = new(StringComparer.Ordinal);

    private readonly List<(DamagedBlock Block, bool IsDamaged)> _news = [];

    /// <summary>How many there are.</summary>
    public int Count => _known.Count + _nameless.Count;

    /// <summary>Those with an identity.</summary>
    public IReadOnlyCollection<BlockId> Ids => _known.Keys;

    public void Add(DamagedBlock block)
    {
        var isNew = block.Id is { } id ? !_known.ContainsKey(id) : !_nameless.ContainsKey(block.Why);
        if (block.Id is { } known)
            _known[known] = block;
        else
            _nameless[block.Why] = block;
        if (isNew)
            _news.Add((block, true));
    }

    /// <summary>The block is whole again, or gone.</summary>
    public void Remove(BlockId id)
    {
        if (_known.Count > 0 && _known.Remove(id, out var block))
            _news.Add((block, false));
    }

    /// <summary>Whether there is one without an identity, which may be any block.</summary>
    public bool HasNameless => _nameless.Count > 0;

    /// <summary>Forgets all of them.</summary>
    public void Clear()
    {
        foreach (var block in _known.Values.Concat(_nameless.Values))
            _news.Add((block, false));
        _known.Clear();
        _nameless.Clear();
    }

    /// <summary>A listing of all blocks had these.</summary>
    public void KeepNameless(IEnumerable<DamagedBlock> listed)
    {
        var left = listed.Where(static block => block.Id is null).Select(static block => block.Why).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _nameless.Values.Where(block => !left.Contains(block.Why)).ToArray())
        {
            _nameless.Remove(gone.Why);
            _news.Add((gone, false));
        }
    }

    /// <summary>What became damaged, and what is no longer, since the last time. A block that is damaged again meanwhile is no news.</summary>
    public IReadOnlyList<(DamagedBlock Block, bool IsDamaged)> TakeNews()
    {
        if (_news.Count == 0)
            return [];
        var taken = new List<(DamagedBlock, bool)>();
        foreach (var block in _news.GroupBy(static news => (news.Block.Id, news.Block.Id is null ? news.Block.Why : "")))
        {
            if (block.First().IsDamaged == block.Last().IsDamaged)
                taken.Add(block.Last());
        }
        _news.Clear();
        return taken;
    }
}
