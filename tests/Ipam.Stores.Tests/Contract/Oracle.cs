using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Stores.Tests.Contract;

/// <summary>What a store should hold: slow, in memory, and plain to see.</summary>
/// <param name="allOrNothing">Whether it commits all changes of a space or none.</param>
/// <param name="spacesTogether">Whether all spaces are one in this.</param>
internal sealed class Oracle(bool allOrNothing, bool spacesTogether)
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
        var judged = changes.GroupBy(change => UnitOf(change.Block.Id.Space))
            .SelectMany(unit => JudgeUnit([.. unit]).Zip(unit, (verdict, change) => (change, verdict)))
            .ToDictionary(pair => pair.change.Block.Id, pair => pair.verdict);
        return changes.Select(change => judged[change.Block.Id]).ToList();
    }

    /// <summary>Takes over what a store committed.</summary>
    public void Apply(BlockChange change, long version)
    {
        if (change.Delete)
            _blocks.Remove(change.Block.Id);
        else
            _blocks[change.Block.Id] = change.Block with { Version = version };
    }

    private List<(CommitStatus Status, HashSet<Block> Current)> JudgeUnit(List<BlockChange> changes)
    {
        var current = changes.ConvertAll(change => BlockOf(change.Block.Id).Version == change.Block.Version ? null : Shown(change));
        if (allOrNothing && current.TrueForAll(shown => shown is null))
            current = JudgeOwners(changes);
        var innocent = allOrNothing && current.Exists(shown => shown is not null) ? CommitStatus.Aborted : CommitStatus.Committed;
        return current.ConvertAll(shown => shown is null ? (innocent, []) : (CommitStatus.Conflict, shown));
    }

    private List<HashSet<Block>?> JudgeOwners(List<BlockChange> changes)
    {
        var unit = UnitOf(changes[0].Block.Id.Space);
        var removed = changes.SelectMany(change => change.Ended).Select(static ended => ended.Lease).ToList();
        var held = LeasesOfUnit(unit).Where(lease => !removed.Exists(lease.IsSameAs)).Select(lease => (lease.Owner, lease.Entry)).ToHashSet();
        return changes.ConvertAll(change =>
        {
            var refused = change.Added.Where(lease => !held.Add((lease.Owner, lease.Entry))).ToList();
            return refused.Count == 0 ? null : Shown(change, refused);
        });
    }

    private HashSet<Block> Shown(BlockChange change, params IReadOnlyList<Lease> refused) => LeasesOfUnit(UnitOf(change.Block.Id.Space))
        .Where(lease => refused.Any(other => other.Owner == lease.Owner)).Select(lease => BlockId.Of(lease.Space, lease.Address))
        .Append(change.Block.Id).Where(_blocks.ContainsKey).Select(id => _blocks[id]).ToHashSet();

    private IEnumerable<Lease> LeasesOfUnit(string unit) =>
        Blocks.Where(block => UnitOf(block.Id.Space) == unit).SelectMany(block => block.Leases);

    private string UnitOf(string space) => spacesTogether ? "all" : space;
}
