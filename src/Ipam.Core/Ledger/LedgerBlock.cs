using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Leases;
using Ipam.Core.Stores;

namespace Ipam.Core.Ledger;

/// <summary>
/// A block in memory: as the store has it, and as it shall be after the next commit. Not thread-safe.
/// </summary>
internal sealed class LedgerBlock
{
    private Lease?[]? _draft;
    private Block? _proposed;
    private bool _isFenced;

    public LedgerBlock(Block stored)
    {
        Stored = stored;
        TakeOver(stored);
    }

    /// <summary>The block as the store last told.</summary>
    public Block Stored { get; private set; }

    public BlockId Id => Stored.Id;

    /// <summary>The addresses held, changes not yet committed included.</summary>
    public ulong Held { get; private set; }

    public long LastSequence { get; private set; }

    public int LastOffset { get; private set; }

    public bool IsDirty => _draft is not null || IsToBeDeleted || _isFenced;

    public bool IsToBeDeleted { get; private set; }

    /// <summary>The allocator's round in which the store last confirmed the block by a commit.</summary>
    public long ConfirmedInRound { get; set; }

    public Lease? LeaseOf(Address address) =>
        _draft is null ? Stored.LeaseOf(address) : _draft[BlockId.OffsetOf(address)];

    public IEnumerable<Lease> Leases => _draft is null ? Stored.Leases : _draft.OfType<Lease>();

    public void Take(Lease lease)
    {
        var offset = BlockId.OffsetOf(lease.Address);
        Draft()[offset] = lease;
        Held |= 1UL << offset;
        LastSequence = lease.Sequence;
        LastOffset = offset;
    }

    public void Give(Address address)
    {
        var offset = BlockId.OffsetOf(address);
        Draft()[offset] = null;
        Held &= ~(1UL << offset);
    }

    /// <summary>Proposes to delete the block, which holds no lease. Taken back by the next <see cref="Take"/>.</summary>
    public void Delete() => IsToBeDeleted = true;

    /// <summary>Proposes to write the block whether or not a lease changes. The new sequence makes it differ from what the store has.</summary>
    public void Fence(long sequence)
    {
        _isFenced = true;
        LastSequence = sequence;
    }

    /// <summary>What to ask of the store; null if nothing is to be written.</summary>
    public BlockChange? ToChange()
    {
        var added = new List<Lease>();
        var removed = new List<Lease>();
        if (_draft is not null)
            Compare(_draft, added, removed);
        if (added.Count == 0 && removed.Count == 0 && !IsToBeDeleted && !_isFenced)
            return null;
        _proposed = new Block(Id, Leases)
        {
            Node = Stored.Node,
            Version = Stored.Version,
            LastSequence = LastSequence,
            LastOffset = LastOffset,
        };
        return new BlockChange(_proposed, added, removed, IsToBeDeleted);
    }

    /// <summary>The store wrote what <see cref="ToChange"/> asked for.</summary>
    public void Committed(long version)
    {
        Stored = _proposed! with { Version = version };
        TakeOver(Stored);
    }

    /// <summary>Forgets what isn't committed; <paramref name="stored"/> is the truth.</summary>
    public void Reset(Block stored)
    {
        Stored = stored;
        TakeOver(stored);
    }

    private void TakeOver(Block stored)
    {
        _draft = null;
        _proposed = null;
        IsToBeDeleted = false;
        _isFenced = false;
        Held = stored.Held;
        LastSequence = stored.LastSequence;
        LastOffset = stored.LastOffset;
    }

    private Lease?[] Draft()
    {
        IsToBeDeleted = false;
        if (_draft is not null)
            return _draft;
        _draft = new Lease?[BlockId.Size];
        foreach (var lease in Stored.Leases)
            _draft[BlockId.OffsetOf(lease.Address)] = lease;
        return _draft;
    }

    private void Compare(Lease?[] draft, List<Lease> added, List<Lease> removed)
    {
        for (var offset = 0; offset < BlockId.Size; offset++)
        {
            var before = Stored.LeaseOf(Id.AddressAt(offset));
            var after = draft[offset];
            if (ReferenceEquals(before, after))
                continue;
            if (before is not null)
                removed.Add(before);
            if (after is not null)
                added.Add(after);
        }
    }
}
