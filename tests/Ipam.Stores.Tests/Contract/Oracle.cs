using Ipam.Core.Blocks;
using Ipam.Core.Leases;
using Ipam.Core.Stores;

namespace Ipam.Stores.Tests.Contract;

/// <summary>What a store should hold: slow, in memory, and plain to see.</summary>
internal sealed class Oracle(bool allOrNothing)
{
    private readonly Dictionary<BlockId, Block> _blocks = [];

    /// <summary>All blocks, in the order in which a store lists them.</summary>
    public List<Block> Blocks => _blocks.Values
        .OrderBy(block => block.Id.Space, StringComparer.Ordinal).ThenBy(block => block.Id.Family).ThenBy(block => block.Id.Index).ToList();

    /// <summary>The block, or one that isn't there.</summary>
    public Block BlockOf(BlockId id) => _blocks.GetValueOrDefault(id) ?? new Block(id, []);

    /// <summary>An owner's leases by entry.</summary>
    public List<Lease> Find(Owner owner) =>
        Blocks.SelectMany(block => block.Leases).Where(lease => lease.Owner == owner).OrderBy(lease => lease.Entry).ToList();

    /// <summary>The statuses that a store must answer with, and the blocks it must show with each conflict.</summary>
    public List<(CommitStatus Status, HashSet<Block> Current)> Judge(IReadOnlyList<BlockChange> changes)
    {
        var current = changes.Select(change => BlockOf(change.Block.Id).Version == change.Block.Version ? null : Shown(change)).ToList();
        if (allOrNothing && current.TrueForAll(shown => shown is null))
            current = JudgeOwners(changes);
        var innocent = allOrNothing && current.Exists(shown => shown is not null) ? CommitStatus.Aborted : CommitStatus.Committed;
        return current.ConvertAll(shown => shown is null ? (innocent, []) : (CommitStatus.Conflict, shown));
    }

    /// <summary>Takes over what a store committed.</summary>
    public void Apply(BlockChange change, long version)
    {
        if (change.Delete)
            _blocks.Remove(change.Block.Id);
        else
            _blocks[change.Block.Id] = change.Block with { Version = version };
    }

    private List<HashSet<Block>?> JudgeOwners(IReadOnlyList<BlockChange> changes)
    {
        var removed = changes.SelectMany(change => change.Removed).ToList();
        var held = Blocks.SelectMany(block => block.Leases).Where(lease => !removed.Exists(lease.IsSameAs))
            .Select(lease => (lease.Owner, lease.Entry)).ToHashSet();
        return changes.Select(change =>
        {
            var refused = change.Added.Where(lease => !held.Add((lease.Owner, lease.Entry))).ToList();
            return refused.Count == 0 ? null : Shown(change, refused);
        }).ToList();
    }

    private HashSet<Block> Shown(BlockChange change, params IReadOnlyList<Lease> refused) =>
        refused.SelectMany(lease => Find(lease.Owner)).Select(lease => BlockId.Of(lease.Space, lease.Address))
            .Append(change.Block.Id).Where(_blocks.ContainsKey).Select(id => _blocks[id]).ToHashSet();
}
