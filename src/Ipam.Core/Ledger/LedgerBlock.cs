using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Core.Ledger;

/// <summary>
/// A block in memory: as the store has it, and as it shall be after the next commit. Not thread-safe.
/// </summary>
internal sealed class LedgerBlock
{
    private Lease?[]? _draft;
    private Block? _proposed;
    private bool _isFenced;
    private List<RestingAddress> _resting = [];
    private bool _restChanged;

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

    /// <summary>The addresses that rest.</summary>
    public ulong Resting { get; private set; }

    /// <summary>The addresses that are not to be had: without its leases a block can't be written, so none of its addresses is.</summary>
    public ulong Taken => IsUnread ? ulong.MaxValue : Held | Resting;

    /// <summary>Whether only the block's summary is known.</summary>
    public bool IsUnread { get; private set; }

    /// <summary>The node the block belongs to or shall belong to; null where all nodes share it.</summary>
    public string? Node { get; private set; }

    /// <summary>Whether the block is there, or shall be.</summary>
    public bool IsClaimed => Stored.Version != 0 || IsDirty;

    /// <summary>When the first of the resting addresses may be handed out again; null if none rests.</summary>
    public DateTimeOffset? WakesAt => Resting == 0 ? null : _resting.Min(static address => address.Until);

    public long LastSequence { get; private set; }

    public int LastOffset { get; private set; }

    public bool IsDirty => _draft is not null || IsToBeDeleted || _isFenced || _restChanged;

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
        if ((Resting & (1UL << offset)) != 0)
            SetResting(_resting.FindAll(address => address.Offset != offset));
    }

    /// <summary>Makes the block, which holds nothing, the node's.</summary>
    public void Claim(string node) => Node = node;

    /// <summary>Gives an address back and lets it rest for as long as its lease says.</summary>
    public void Release(Lease lease, DateTimeOffset now)
    {
        Give(lease.Address);
        if (lease.Cooldown <= TimeSpan.Zero)
            return;
        var resting = Rest.At(_resting, now);
        Rest.Add(resting, lease, now);
        SetResting(resting);
        _restChanged = true;
    }

    /// <summary>Ends the rest of addresses whose time has come. That needn't be written.</summary>
    public void Wake(DateTimeOffset now) => SetResting(Rest.At(_resting, now));

    /// <summary>The resting address that may be handed out again first, of those in <paramref name="wanted"/>; false if none rests.</summary>
    public bool TryFindResting(ulong wanted, out RestingAddress first)
    {
        first = default;
        var found = false;
        foreach (var address in _resting)
        {
            if ((wanted & (1UL << address.Offset)) == 0 || (found && address.Until >= first.Until))
                continue;
            first = address;
            found = true;
        }
        return found;
    }

    /// <summary>Gives an address back that nobody had, or that needn't rest.</summary>
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
        if (added.Count == 0 && removed.Count == 0 && !IsToBeDeleted && !_isFenced && !_restChanged)
            return null;
        _proposed = new Block(Id, Leases)
        {
            Node = Node,
            Version = Stored.Version,
            LastSequence = LastSequence,
            LastOffset = LastOffset,
            Resting = _resting,
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
        _restChanged = false;
        IsUnread = false;
        Held = stored.Held;
        Node = stored.Node;
        SetResting([.. stored.Resting]);
        LastSequence = stored.LastSequence;
        LastOffset = stored.LastOffset;
    }

    /// <summary>Learns of a block what its summary says.</summary>
    public void Overlook(BlockSummary summary)
    {
        Stored = new Block(summary.Id, []) { Node = summary.Node, Version = summary.Version };
        TakeOver(Stored);
        IsUnread = true;
        Held = summary.Held;
    }

    private void SetResting(List<RestingAddress> resting)
    {
        _resting = resting;
        Resting = Rest.Mask(resting);
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
