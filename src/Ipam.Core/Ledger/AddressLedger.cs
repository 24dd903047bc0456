using Ipam.Core.Blocks;
using Ipam.Core.Leases;
using Ipam.Core.Stores;

namespace Ipam.Core.Ledger;

/// <summary>
/// Everything known about addresses in memory: the blocks of all spaces, changes not yet committed included, and who holds what. A cache:
/// the store decides. Not thread-safe.
/// </summary>
internal sealed class AddressLedger
{
    private readonly Dictionary<string, SpaceLedger> _spaces = new(StringComparer.Ordinal);
    private readonly Dictionary<Owner, Lease[]> _owners = [];
    private readonly HashSet<LedgerBlock> _dirty = [];

    public IEnumerable<KeyValuePair<string, SpaceLedger>> Spaces => _spaces;

    public IReadOnlyCollection<LedgerBlock> Dirty => _dirty;

    public SpaceLedger Space(string name)
    {
        if (!_spaces.TryGetValue(name, out var space))
            _spaces.Add(name, space = new SpaceLedger(name));
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

    public LedgerBlock Give(Lease lease)
    {
        var space = Space(lease.Space);
        var block = space.FindOrCreate(BlockId.Of(lease.Space, lease.Address));
        block.Give(lease.Address);
        RemoveFromOwner(lease);
        Touch(space, block);
        return block;
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
    }

    /// <summary>Forgets what a block proposed.</summary>
    public void Revert(LedgerBlock block) => Replace(block.Id, block.Stored.Version == 0 ? null : block.Stored);

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
