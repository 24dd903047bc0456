using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Core.Ledger;

/// <summary>A look into the store beside the allocator's loop. Whoever needs what it brings waits until it <see cref="IsOver"/>. Only the loop changes it.</summary>
/// <param name="space">The space whose blocks it lists; null if it lists none.</param>
/// <param name="isOwn">Whether it lists the blocks that matter to the node.</param>
/// <param name="isAll">Whether it lists the blocks of all spaces.</param>
/// <param name="readsFor">For a look that only reads blocks, the space for whose sake it reads them: one read at a time for each.</param>
internal sealed class Look(string? space = null, bool isOwn = false, bool isAll = false, string? readsFor = null)
{
    /// <summary>The space whose blocks it lists; null if it lists none.</summary>
    public string? Space => space;

    /// <summary>Whether it lists the blocks that matter to the node, of all spaces.</summary>
    public bool IsOwn => isOwn;

    /// <summary>Whether it lists the blocks of all spaces.</summary>
    public bool IsAll => isAll;

    /// <summary>For a look that only reads blocks, the space for whose sake it reads them.</summary>
    public string? ReadsFor => readsFor;

    /// <summary>Whether it lists the other spaces as well, to see if damaged blocks without a name are still there.</summary>
    public bool ListsAll { get; init; }

    /// <summary>The blocks to read whole. For a look that lists, they turn out when it has listed.</summary>
    public HashSet<BlockId> Blocks { get; private set; } = [];

    /// <summary>When it began, as <see cref="LedgerIntake.NextMoment"/> counts.</summary>
    public long BeganIn { get; set; }

    /// <summary>Blocks of which memory has learned something newer since it began.</summary>
    public HashSet<BlockId> Outdated { get; } = [];

    /// <summary>Whether memory has what it brought.</summary>
    public bool IsOver { get; set; }

    /// <summary>Why it brought nothing; null if it didn't fail.</summary>
    public Exception? Fault { get; set; }

    /// <summary>What it listed; null if it is to read blocks.</summary>
    public Found<BlockSummary>? Listed { get; set; }

    /// <summary>The blocks that it read.</summary>
    public Found<Block>? Read { get; set; }

    /// <summary>Whether it is still to list.</summary>
    public bool IsListing => (space is not null || isOwn || isAll) && Blocks.Count == 0;

    /// <summary>What it lists.</summary>
    public BlockFilter Filter(string node) => isOwn ? new BlockFilter(Node: node) : isAll || ListsAll ? BlockFilter.All : new BlockFilter(space);

    /// <summary>It has listed, and these are to be read.</summary>
    public void GoOn(IEnumerable<BlockId> blocks) => (Blocks, Listed) = ([.. blocks], null);
}
