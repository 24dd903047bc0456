using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Core.Ledger;

/// <summary>
/// Everything known about addresses in memory: the blocks of all spaces, changes not yet committed included, and who holds what. A cache:
/// the store decides. Not thread-safe.
/// </summary>
internal sealed class AddressLedger(string node, TimeProvider time)
{
    private readonly Dictionary<string, SpaceLedger> _spaces = new(StringComparer.Ordinal);
    private readonly Dictionary<Owner, Lease[]> _owners = [];
    private readonly HashSet<LedgerBlock> _dirty = [];
    private readonly PriorityQueue<BlockId, DateTimeOffset> _resting = new();

    public IEnumerable<KeyValuePair<string, SpaceLedger>> Spaces => _spaces;

    public IReadOnlyCollection<LedgerBlock> Dirty => _dirty;

    public SpaceLedger Space(string name)
    {
        if (!_spaces.TryGetValue(name, out var space))
            _spaces.Add(name, space = new SpaceLedger(name, node));
        return space;
    }

    public LedgerBlock? Find(BlockId id) => _spaces.TryGetValue(id.Space, out var space) ? space.Find(id) : null;

    /// <summary>The version of a block as the store last told; 0 for a block that it doesn't have.</summary>
    public long VersionOf(BlockId id) => Find(id)?.Stored.Version ?? 0;

    /// <summary>What an owner holds, over all spaces, ordered by entry, changes not yet committed included.</summary>
    public ReadOnlySpan<Lease> LeasesOf(Owner owner) => _owners.GetValueOrDefault(owner);

    /// <summary>Whether this very lease is held.</summary>
    public bool Holds(Lease lease) =>
        Find(BlockId.Of(lease.Space, lease.Address))?.LeaseOf(lease.Address) is { } held && held.IsSameAs(lease);

    public LedgerBlock Take(Lease lease)
    {
        var space = Space(lease.Space);
        var block = space.FindOrCreate(BlockId.Of(lease.Space, lease.Address));
        block.Take(lease);
        AddToOwner(lease);
        Touch(space, block);
        return block;
    }

    /// <summary>Gives a lease back that nobody was told of.</summary>
    public LedgerBlock Give(Lease lease) => Give(lease, block => block.Give(lease.Address));

    /// <summary>Gives a lease back that was somebody's. Its address rests for as long as the lease says.</summary>
    public LedgerBlock Release(Lease lease) => Give(lease, block => block.Release(lease, time.GetUtcNow()));

    /// <summary>Makes a block this node's that holds nothing; to be followed by a <see cref="Take"/> in it.</summary>
    public void Claim(BlockId id) => Space(id.Space).FindOrCreate(id).Claim(node);

    /// <summary>Ends the rest of addresses whose time has come.</summary>
    public void WakeRested()
    {
        var now = time.GetUtcNow();
        while (_resting.TryPeek(out var id, out var at) && at <= now)
        {
            _resting.Dequeue();
            if (Find(id) is not { } block)
                continue;
            block.Wake(now);
            Space(id.Space).Changed(block);
            WaitForRest(block);
        }
    }

    /// <summary>Learns that a block is there, and nothing of its leases. Nothing may be proposed for it.</summary>
    public void Overlook(BlockSummary summary)
    {
        Replace(summary.Id, null);
        var space = Space(summary.Id.Space);
        var block = space.FindOrCreate(summary.Id);
        block.Overlook(summary);
        space.Changed(block);
    }

    /// <summary>Proposes to delete a block, which holds no lease.</summary>
    public void Delete(LedgerBlock block)
    {
        block.Delete();
        _dirty.Add(block);
    }

    /// <summary>Proposes to write a block whether or not a lease changes, so that it gets another version.</summary>
    public void Fence(BlockId id, long sequence)
    {
        var block = Space(id.Space).FindOrCreate(id);
        block.Fence(sequence);
        _dirty.Add(block);
    }

    /// <summary>The store wrote what the block proposed.</summary>
    public void Committed(LedgerBlock block, CommitResult result)
    {
        _dirty.Remove(block);
        if (block.IsToBeDeleted)
            Space(block.Id.Space).Forget(block.Id);
        else
            block.Committed(result.Version);
    }

    /// <summary>Takes the store's word for a block, whatever was known or proposed; null for a block that the store doesn't have.</summary>
    public void Replace(BlockId id, Block? current)
    {
        var space = Space(id.Space);
        var block = space.FindOrCreate(id);
        foreach (var lease in block.Leases)
            RemoveFromOwner(lease);
        _dirty.Remove(block);
        if (current is null)
        {
            space.Forget(id);
            return;
        }
        block.Reset(current);
        foreach (var lease in current.Leases)
            AddToOwner(lease);
        space.Changed(block);
        WaitForRest(block);
    }

    /// <summary>Forgets what a block proposed.</summary>
    public void Revert(LedgerBlock block) => Replace(block.Id, block.Stored.Version == 0 ? null : block.Stored);

    private LedgerBlock Give(Lease lease, Action<LedgerBlock> give)
    {
        var space = Space(lease.Space);
        var block = space.FindOrCreate(BlockId.Of(lease.Space, lease.Address));
        give(block);
        RemoveFromOwner(lease);
        Touch(space, block);
        WaitForRest(block);
        return block;
    }

    private void WaitForRest(LedgerBlock block)
    {
        if (block.WakesAt is { } at)
            _resting.Enqueue(block.Id, at);
    }

    private void Touch(SpaceLedger space, LedgerBlock block)
    {
        _dirty.Add(block);
        space.Changed(block);
    }

    private void AddToOwner(Lease lease)
    {
        if (!_owners.TryGetValue(lease.Owner, out var held))
        {
            _owners.Add(lease.Owner, [lease]);
            return;
        }
        // A replay must not depend on the order in which the leases came to be known.
        var at = Array.FindIndex(held, other => other.Entry > lease.Entry);
        at = at < 0 ? held.Length : at;
        _owners[lease.Owner] = [.. held.AsSpan(0, at), lease, .. held.AsSpan(at)];
    }

    private void RemoveFromOwner(Lease lease)
    {
        if (!_owners.TryGetValue(lease.Owner, out var held))
            return;
        var left = Array.FindAll(held, other => !other.IsSameAs(lease));
        if (left.Length == 0)
            _owners.Remove(lease.Owner);
        else
            _owners[lease.Owner] = left;
    }
}
