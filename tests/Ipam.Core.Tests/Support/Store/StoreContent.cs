using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Core.Tests.Support.Store;

/// <summary>
/// Blocks with compare-and-swap, and an eye on whoever writes: a change must fit the block it says it was made from, and a release token
/// must never come back.
/// </summary>
internal sealed class StoreContent(StoreMode mode)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<BlockId, Block> _blocks = [];
    private readonly Dictionary<(Owner, int Entry), BlockId> _entries = [];
    private readonly HashSet<(string Space, Core.Addresses.Address Address, long Sequence)> _tokens = [];
    private readonly Dictionary<BlockId, long> _fences = [];
    private readonly HashSet<BlockId> _deleted = [];
    private readonly List<string> _violations = [];
    private long _revision = 100;

    public StoreMode Mode => mode;

    /// <summary>What writers did that they mustn't.</summary>
    public IReadOnlyList<string> Violations
    {
        get
        {
            lock (_lock)
                return [.. _violations];
        }
    }

    public Block[] Blocks
    {
        get
        {
            lock (_lock)
                return [.. _blocks.Values.OrderBy(static b => b.Id.Space, StringComparer.Ordinal).ThenBy(static b => b.Id.AddressAt(0))];
        }
    }

    public Lease[] Leases
    {
        get
        {
            lock (_lock)
                return [.. _blocks.Values.SelectMany(static block => block.Leases)];
        }
    }

    public Block? Find(BlockId id)
    {
        lock (_lock)
            return _blocks.GetValueOrDefault(id);
    }

    public bool Holds(Lease lease) => lease.Equals(Find(BlockId.Of(lease.Space, lease.Address))?.LeaseOf(lease.Address));

    public Lease[] LeasesOf(Owner owner)
    {
        lock (_lock)
            return [.. _blocks.Values.SelectMany(block => block.Leases.Where(lease => lease.Owner == owner)).OrderBy(static lease => lease.Entry)];
    }

    public CommitResult[] Commit(IReadOnlyList<BlockChange> changes)
    {
        lock (_lock)
        {
            if (changes.DistinctBy(static change => change.Block.Id).Count() != changes.Count)
                throw Violation("two changes of one block in one commit");
            return mode == StoreMode.AllOrNothing ? CommitAll(changes) : [.. changes.Select(CommitOne)];
        }
    }

    /// <summary>
    /// A commit whose caller isn't told what became of it. It comes too late to create a block that was deleted since: nobody deletes blocks that were in use minutes ago,
    /// and no write is on its way for that long.
    /// </summary>
    public void CommitUntold(IReadOnlyList<BlockChange> changes)
    {
        lock (_lock)
        {
            if (!changes.Any(change => change.Block.Version == 0 && _deleted.Contains(change.Block.Id)))
                Commit(changes);
        }
    }

    /// <summary>Loses all blocks.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _blocks.Clear();
            _entries.Clear();
            _tokens.Clear();
        }
    }

    /// <summary>Does several things without anybody coming between.</summary>
    public void Atomically(Action action)
    {
        lock (_lock)
            action();
    }

    private CommitResult[] CommitAll(IReadOnlyList<BlockChange> asked)
    {
        var changes = asked.Select(Placed).ToList();
        var results = new CommitResult[changes.Count];
        for (var i = 0; i < changes.Count; i++)
        {
            if (!Fits(changes[i]))
                results[i] = CommitResult.Conflict(new Found<Block>(Current(changes[i])));
        }
        if (Array.TrueForAll(results, static result => result is null))
            RefuseSecondLeases(changes, results);
        var refused = Array.Exists(results, static result => result is not null);
        for (var i = 0; i < changes.Count; i++)
            results[i] ??= refused ? CommitResult.Aborted : Written(asked[i], changes[i]);
        return results;
    }

    private void RefuseSecondLeases(List<BlockChange> changes, CommitResult[] results)
    {
        var removed = changes.SelectMany(static change => change.Ended).Select(static ended => (ended.Lease.Owner, ended.Lease.Entry)).ToHashSet();
        var added = new HashSet<(Owner, int)>();
        for (var i = 0; i < changes.Count; i++)
        {
            foreach (var lease in changes[i].Added)
            {
                var key = (lease.Owner, lease.Entry);
                if (!added.Add(key))
                    throw Violation($"one commit gives {lease.Owner} two leases for entry {lease.Entry}");
                if (_entries.TryGetValue(key, out var holding) && !removed.Contains(key))
                    results[i] = CommitResult.Conflict(new Found<Block>([.. Current(changes[i]).Append(_blocks[holding]).DistinctBy(static block => block.Id)]));
            }
        }
    }

    private CommitResult CommitOne(BlockChange asked)
    {
        var change = Placed(asked);
        return Fits(change) ? Written(asked, change) : CommitResult.Conflict(new Found<Block>(Current(change)));
    }

    private CommitResult Written(BlockChange asked, BlockChange change)
    {
        var version = Write(change);
        return ReferenceEquals(asked, change) ? CommitResult.Committed(version) : CommitResult.Placed(change.Block with { Version = version });
    }

    private BlockChange Placed(BlockChange change) =>
        !Fits(change) && !change.Added.Any(lease => lease.Sequence <= _fences.GetValueOrDefault(change.Block.Id)) && _blocks.TryGetValue(change.Block.Id, out var current) && change.PlacedIn(current) is { } placed ? placed : change;

    private bool Fits(BlockChange change) => (_blocks.GetValueOrDefault(change.Block.Id)?.Version ?? 0) == change.Block.Version;

    private Block[] Current(BlockChange change) => _blocks.TryGetValue(change.Block.Id, out var block) ? [block] : [];

    private long Write(BlockChange change)
    {
        var stored = _blocks.GetValueOrDefault(change.Block.Id);
        Inspect(change, stored ?? new Block(change.Block.Id, []));
        if (change.IsFence)
            _fences[change.Block.Id] = change.Block.LastSequence;
        foreach (var (lease, _) in change.Ended)
            _entries.Remove((lease.Owner, lease.Entry));
        foreach (var lease in change.Added)
            _entries[(lease.Owner, lease.Entry)] = change.Block.Id;
        if (change.Delete)
        {
            _blocks.Remove(change.Block.Id);
            _deleted.Add(change.Block.Id);
            return 0;
        }
        _blocks[change.Block.Id] = change.Block with { Version = ++_revision };
        return _revision;
    }

    private void Inspect(BlockChange change, Block stored)
    {
        var ended = change.Ended.Select(static ended => ended.Lease).ToList();
        if (!ended.All(stored.Leases.Contains))
            throw Violation($"{change.Block.Id}: a lease is removed that isn't there");
        if (!stored.Leases.Except(ended).Union(change.Added).ToHashSet().SetEquals(change.Block.Leases))
            throw Violation($"{change.Block.Id}: the leases added and removed don't make the block");
        if (change.Delete && (change.Block.Held != 0 || stored.Version == 0))
            throw Violation($"{change.Block.Id}: a block is deleted that holds leases or doesn't exist");
        if (change.Block.LastSequence < stored.LastSequence)
            throw Violation($"{change.Block.Id}: the last sequence goes back");
        foreach (var lease in change.Added)
        {
            if (lease.Sequence <= stored.LastSequence || lease.Sequence > change.Block.LastSequence)
                throw Violation($"{change.Block.Id}: the sequence of {lease.Address} doesn't go on from the block's last one");
            if (!_tokens.Add((lease.Space, lease.Address, lease.Sequence)))
                throw Violation($"{change.Block.Id}: the release token {lease.Address} {lease.Sequence} comes back");
        }
    }

    private InvalidOperationException Violation(string what)
    {
        _violations.Add(what);
        return new InvalidOperationException(what);
    }
}

/// <summary>How a store commits several blocks.</summary>
public enum StoreMode
{
    /// <summary>All changes or none, and an owner has no two leases for one entry: SQLite, Redis.</summary>
    AllOrNothing,

    /// <summary>Each change for itself: Kubernetes.</summary>
    PerBlock,
}
