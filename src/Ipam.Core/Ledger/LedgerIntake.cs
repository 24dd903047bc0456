using Ipam.Core.Blocks;

namespace Ipam.Core.Ledger;

/// <summary>
/// Takes into memory what the store was seen to have. What was read beside the allocator's loop may be older than what memory has since learned;
/// such is left out. There must be no proposed changes of the blocks concerned. Not thread-safe.
/// </summary>
internal sealed class LedgerIntake(AddressLedger ledger, DurableBlocks durable, string node, TimeProvider time)
{
    private readonly List<Look> _underWay = [];
    private long _moment;

    /// <summary>Names that the node had before, under which the store may still have blocks of it.</summary>
    public IReadOnlyList<string> FormerNames { get; set; } = [];

    /// <summary>
    /// A number that only grows, to say what came before what: a look or a commit that began after a request was made shows what the store had since
    /// then. (Two readings of a clock may be the same.)
    /// </summary>
    public long NextMoment() => ++_moment;

    /// <summary>A look begins: what memory learns from now on is newer than what the look brings.</summary>
    public void Begin(Look look)
    {
        look.BeganIn = NextMoment();
        look.Outdated.Clear();
        if (!_underWay.Contains(look))
            _underWay.Add(look);
    }

    /// <summary>The look has ended, or nobody wants to know any more.</summary>
    public void End(Look look) => _underWay.Remove(look);

    /// <summary>The store has the block, as a commit of ours left it; null if it was deleted.</summary>
    public void Wrote(BlockId id, Block? block)
    {
        durable.Learn(id, block);
        Outdate(id);
    }

    /// <summary>Memory takes what the store has; null if it doesn't have the block.</summary>
    public void Learn(BlockId id, Block? current)
    {
        durable.Learn(id, current);
        ledger.Replace(id, current);
        Outdate(id);
    }

    /// <summary>Takes blocks that were read just now.</summary>
    /// <param name="ids">Which were asked for. What was not found, the store doesn't have.</param>
    /// <param name="found">What was found.</param>
    /// <param name="isListedForNode">Whether a block is among those that the store lists for this node.</param>
    public void Take(IReadOnlyCollection<BlockId> ids, Found<Block> found, Func<BlockId, bool> isListedForNode)
    {
        var whole = found.ToDictionary(static block => block.Id);
        var damaged = SetAside(found.Damaged, isListedForNode);
        foreach (var id in ids)
        {
            if (!damaged.Contains(id))
                Learn(id, whole.GetValueOrDefault(id));
        }
    }

    /// <summary>Takes the blocks that a look brought.</summary>
    public void Take(Look look, Found<Block> found)
    {
        var whole = found.ToDictionary(static block => block.Id);
        SetAside(look, found.Damaged, IsListedForNode);
        var now = time.GetTimestamp();
        foreach (var id in look.Blocks)
        {
            // Memory has newer news of it, or it was just set aside.
            if (look.Outdated.Contains(id))
                continue;
            var current = whole.GetValueOrDefault(id);
            if (IsNews(id, current?.Version ?? 0))
                Learn(id, current);
            if (ledger.Find(id) is { } block)
                (block.ConfirmedIn, block.LookedAt) = (look.BeganIn, now);
        }
    }

    /// <summary>
    /// Takes what a look listed of a space, or of all. Of other nodes' blocks it learns the summaries. Names the blocks that are to be read: those that matter to
    /// the node, and that have another version than memory knows.
    /// </summary>
    public List<BlockId> TakeAll(Look look, Found<BlockSummary> listed)
    {
        var stored = Current(look, listed, out var damaged);
        if (look.ListsAll || look.IsAll)
            ledger.Damaged.KeepNameless(listed.Damaged);
        var missing = new List<BlockId>();
        foreach (var gone in (look.Space is { } name ? ledger.Space(name).Blocks : ledger.Spaces.SelectMany(static space => space.Blocks))
            .Where(block => block.Damage is null && block.Stored.Version != 0 && !stored.ContainsKey(block.Id) && !look.Outdated.Contains(block.Id))
            .Select(static block => block.Id).ToArray())
        {
            // Whether a block of this node is gone, or only missing from the list, a read tells.
            if (durable.Find(gone) is null)
                Learn(gone, null);
            else
                missing.Add(gone);
        }
        var wanted = ledger.Damaged.Ids
            .Where(id => (look.IsAll || id.Space == look.Space) && !damaged.Contains(id) && !stored.ContainsKey(id) && !look.Outdated.Contains(id)).Concat(missing).ToList();
        foreach (var summary in stored.Values.Where(summary => IsNews(summary.Id, summary.Version)))
        {
            var block = ledger.Find(summary.Id);
            if (summary.Node is not { } owner || owner == node || FormerNames.Contains(owner) || block?.Stored.MattersTo(node) == true)
                wanted.Add(summary.Id);
            else if (block is null || (block.Damage is null && block.Stored.Version != summary.Version))
                ledger.Learn(summary);
        }
        return wanted;
    }

    /// <summary>Takes what a look listed of the blocks that matter to the node, and names those that are to be read.</summary>
    /// <param name="look">The look.</param>
    /// <param name="listed">What it listed.</param>
    /// <param name="readsOthers">Whether damaged blocks of others are to be read as well, to see if they were mended.</param>
    public List<BlockId> TakeOwn(Look look, Found<BlockSummary> listed, bool readsOthers)
    {
        var stored = Current(look, listed, out var damaged);
        // What isn't listed for the node any more may have gone to another one, or be gone.
        var missing = ledger.Spaces.SelectMany(static space => space.Blocks)
            .Where(block => block.Damage is null && block.Stored.MattersTo(node) && !stored.ContainsKey(block.Id)).Select(static block => block.Id);
        var suspects = ledger.Damaged.Ids.Where(id => !damaged.Contains(id) && (readsOthers || stored.ContainsKey(id) || IsListedForNode(id)));
        return [.. stored.Values.Where(summary => IsNews(summary.Id, summary.Version)).Select(static summary => summary.Id)
            .Union(suspects).Union(missing).Where(id => !look.Outdated.Contains(id))];
    }

    /// <summary>Sets these blocks aside, and returns which they are.</summary>
    public HashSet<BlockId> SetAside(IReadOnlyList<DamagedBlock> damaged, Func<BlockId, bool> isListedForNode)
    {
        HashSet<BlockId> ids = [];
        foreach (var block in damaged)
        {
            ledger.SetAside(block, block.Id is { } id && isListedForNode(id));
            if (block.Id is { } known)
            {
                ids.Add(known);
                Outdate(known);
            }
        }
        return ids;
    }

    public bool IsListedForNode(BlockId id) =>
        ledger.Find(id) is { } block && (block.Damage is null ? block.Stored.MattersTo(node) : block.IsListedForNode);

    /// <summary>Those of the listed blocks that memory has learned nothing newer of, the damaged ones set aside.</summary>
    private Dictionary<BlockId, BlockSummary> Current(Look look, Found<BlockSummary> listed, out HashSet<BlockId> damaged)
    {
        damaged = SetAside(look, listed.Damaged, look.IsOwn ? static _ => true : IsListedForNode);
        return listed.Where(summary => (look.IsOwn || look.IsAll || summary.Id.Space == look.Space) && !look.Outdated.Contains(summary.Id)).ToDictionary(static summary => summary.Id);
    }

    private HashSet<BlockId> SetAside(Look look, IReadOnlyList<DamagedBlock> damaged, Func<BlockId, bool> isListedForNode) =>
        SetAside([.. damaged.Where(damage => damage.Id is not { } id || !look.Outdated.Contains(id))], isListedForNode);

    private bool IsNews(BlockId id, long version) =>
        ledger.Find(id) is { IsUnread: false, Damage: null } block ? block.Stored.Version != version : version != 0 || ledger.Find(id) is not null;

    private void Outdate(BlockId id)
    {
        foreach (var look in _underWay)
            look.Outdated.Add(id);
    }
}
