using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Core.Ledger;

/// <summary>
/// Everything that memory knows about addresses: the blocks of all spaces, and who holds which address. It includes changes that are not yet
/// committed. It is a cache: the store decides. Not thread-safe.
/// </summary>
internal sealed class AddressLedger(string node, TimeProvider time)
{
    private readonly Dictionary<string, SpaceLedger> _spaces = new(StringComparer.Ordinal);
    private readonly Dictionary<Owner, Lease[]> _owners = [];
    private readonly HashSet<LedgerBlock> _dirty = [];
    private volatile SpaceLedger[] _allSpaces = [];

    /// <summary>All spaces. May be read by any thread.</summary>
    public IReadOnlyList<SpaceLedger> Spaces => _allSpaces;

    /// <summary>The blocks of which memory proposes changes.</summary>
    public IReadOnlySet<LedgerBlock> Dirty => _dirty;

    /// <summary>When cooldowns end.</summary>
    public CooldownWakeUps WakeUps { get; } = new();

    /// <summary>The damaged blocks.</summary>
    public DamagedBlocks Damaged { get; } = new();

    public SpaceLedger Space(string name)
    {
        if (_spaces.TryGetValue(name, out var space))
            return space;
        _spaces.Add(name, space = new SpaceLedger(name, node));
        _allSpaces = [.. _spaces.Values];
        return space;
    }

    public LedgerBlock? Find(BlockId id) => _spaces.TryGetValue(id.Space, out var space) ? space.Find(id) : null;

    /// <summary>The version of a block in the store, as memory last read it; 0 for a block that the store doesn't have.</summary>
    public long VersionOf(BlockId id) => Find(id)?.Stored.Version ?? 0;

    /// <summary>
    /// What an owner holds, over all spaces, ordered by entry, changes not yet committed included. Of a damaged block it is what was last read.
    /// </summary>
    public ReadOnlySpan<Lease> LeasesOf(Owner owner) => _owners.GetValueOrDefault(owner);

    /// <summary>The damaged block that an owner holds a lease in; null if none is known.</summary>
    public DamagedBlock? DamageOf(Owner owner)
    {
        if (Damaged.Count == 0)
            return null;
        foreach (var lease in LeasesOf(owner))
        {
            if (DamageOf(lease) is { } damage)
                return damage;
        }
        return null;
    }

    /// <summary>Whether only the blocks that matter to the node have been loaded, and what others have is yet to be learned.</summary>
    public bool IsPartial { get; set; }

    /// <summary>Whether leases of this node may lie in a damaged block that was never read while it was whole.</summary>
    public bool HasBlindSpot => IsPartial || Damaged.Ids.Any(id => Find(id) is { IsListedForNode: true, Stored.Version: 0 });

    /// <summary>What is wrong with the block of a lease; null if nothing is known to be.</summary>
    public DamagedBlock? DamageOf(Lease lease) => Find(BlockId.Of(lease.Space, lease.Address))?.Damage;

    /// <summary>Whether this very lease is held.</summary>
    public bool Holds(Lease lease) => Find(BlockId.Of(lease.Space, lease.Address))?.Holds(lease) == true;

    /// <summary>Takes an address.</summary>
    /// <param name="lease">The lease of it.</param>
    /// <param name="elsewhere">Which addresses of its block it may have just as well, one bit for each.</param>
    public LedgerBlock Take(Lease lease, ulong elsewhere = 0)
    {
        var space = Space(lease.Space);
        var block = space.FindOrCreate(BlockId.Of(lease.Space, lease.Address));
        block.Take(lease, elsewhere);
        block.HandedOutAt = time.GetTimestamp();
        AddToOwner(lease);
        Touch(space, block);
        return block;
    }

    /// <summary>What became of a lease that was to be written: it, or one that the store placed elsewhere in the block; null if there is neither.</summary>
    public Lease? FindWritten(Lease lease)
    {
        if (Find(BlockId.Of(lease.Space, lease.Address)) is not { Damage: null } block)
            return null;
        foreach (var held in LeasesOf(lease.Owner))
        {
            if (held.IsPlacedFrom(lease) && block.Holds(held))
                return held;
        }
        return null;
    }

    /// <summary>Gives back a lease that nobody was told of.</summary>
    public LedgerBlock GiveBack(Lease lease) => End(lease, block => block.GiveBack(lease, new ReleaseReason(ReleaseCause.GivenBack, node)));

    /// <summary>Releases a lease that an owner knew of. Its address cools down for as long as the lease says.</summary>
    public LedgerBlock Release(Lease lease, ReleaseReason reason) => End(lease, block => block.Release(lease, reason, time.GetUtcNow()));

    /// <summary>Claims an empty block for this node. A <see cref="Take"/> in the block must follow.</summary>
    public void Claim(BlockId id) => Space(id.Space).FindOrCreate(id).Claim(node);

    /// <summary>Ends the cooldowns whose time has come.</summary>
    public void EndCooldowns()
    {
        var now = time.GetUtcNow();
        while (WakeUps.TryTake(now, out var id))
        {
            if (Find(id) is not { } block)
                continue;
            block.EndCooldowns(now);
            Space(id.Space).Changed(block);
            AwaitCooldown(block);
        }
    }

    /// <summary>
    /// Proposes to delete empty blocks from which nothing was handed out for <paramref name="keep"/>, as far as memory saw. A block that remembers a
    /// range's place for the order <c>next</c> stays.
    /// </summary>
    public void DeleteIdleBlocks(TimeSpan keep)
    {
        foreach (var block in _spaces.Values.SelectMany(static space => space.IdleBlocks))
        {
            if (time.GetElapsedTime(block.HandedOutAt) <= keep)
                continue;
            block.Delete();
            _dirty.Add(block);
        }
    }

    /// <summary>Learns that a block exists, without its leases. Memory must propose no change of the block at that time.</summary>
    public void Learn(BlockSummary summary)
    {
        Replace(summary.Id, null);
        var space = Space(summary.Id.Space);
        var block = space.FindOrCreate(summary.Id);
        block.Learn(summary);
        space.Changed(block);
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
        {
            Space(block.Id.Space).Forget(block.Id);
            WakeUps.Await(block.Id, null);
        }
        else
            block.Committed(result.Version);
    }

    /// <summary>Replaces a block by what the store has, whatever memory knew or proposed; null for a block that the store doesn't have.</summary>
    public void Replace(BlockId id, Block? current)
    {
        var space = Space(id.Space);
        var block = space.FindOrCreate(id);
        foreach (var lease in block.Leases)
            RemoveFromOwner(lease);
        _dirty.Remove(block);
        Damaged.Remove(id);
        if (current is null)
        {
            space.Forget(id);
            WakeUps.Await(id, null);
            return;
        }
        // What somebody else handed out since memory last looked, was handed out just now at the latest.
        if (block.LastSequence != current.LastSequence)
            block.HandedOutAt = time.GetTimestamp();
        block.Reset(current);
        block.EndCooldowns(time.GetUtcNow());
        foreach (var lease in current.Leases)
            AddToOwner(lease);
        space.Changed(block);
        AwaitCooldown(block);
    }

    /// <summary>
    /// Sets a block aside that the store has and that can't be read, whatever memory proposed. Nothing is handed out from it, and nothing is
    /// released in it, until it is replaced by what the store has.
    /// </summary>
    /// <param name="damage">What is wrong.</param>
    /// <param name="isListedForNode">Whether it is among the blocks that the store lists for this node.</param>
    public void SetAside(DamagedBlock damage, bool isListedForNode)
    {
        Damaged.Add(damage);
        if (damage.Id is not { } id)
            return;
        var space = Space(id.Space);
        var block = space.FindOrCreate(id);
        foreach (var lease in block.Leases)
            RemoveFromOwner(lease);
        _dirty.Remove(block);
        block.Suspend(damage, isListedForNode);
        WakeUps.Await(id, null);
        foreach (var lease in block.Leases)
            AddToOwner(lease);
        space.Changed(block);
    }

    /// <summary>Forgets everything. Views of ranges that were asked for begin anew.</summary>
    public void Clear()
    {
        _spaces.Clear();
        _allSpaces = [];
        _owners.Clear();
        _dirty.Clear();
        WakeUps.Clear();
        Damaged.Clear();
    }

    /// <summary>Forgets what a block proposed.</summary>
    public void Revert(LedgerBlock block) => Replace(block.Id, block.Stored.Version == 0 ? null : block.Stored);

    private LedgerBlock End(Lease lease, Action<LedgerBlock> end)
    {
        var space = Space(lease.Space);
        var block = space.FindOrCreate(BlockId.Of(lease.Space, lease.Address));
        end(block);
        RemoveFromOwner(lease);
        Touch(space, block);
        AwaitCooldown(block);
        return block;
    }

    private void AwaitCooldown(LedgerBlock block) => WakeUps.Await(block.Id, block.CooldownEndsAt);

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
        // The answer to a repeated request must not depend on the order in which memory learned the leases.
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
