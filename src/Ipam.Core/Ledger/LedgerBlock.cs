using System.Numerics;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Core.Ledger;

/// <summary>A block in memory: as the store has it, and as it will be after the next commit. Not thread-safe.</summary>
internal sealed class LedgerBlock
{
    private readonly List<EndedLease> _ended = [];
    private Block _next;
    private ulong _heldByOthers;

    /// <summary>The addresses that all leases may have that were taken since the last commit.</summary>
    private ulong _elsewhere = ulong.MaxValue;

    /// <summary>
    /// The first says whether a lease may have changed. The second says that the block is written even if no lease changed. The third says that earlier changes may be
    /// on their way.
    /// </summary>
    private bool _isChanged, _isToBeWritten, _isFenced;

    public LedgerBlock(Block stored) => Stored = _next = stored;

    /// <summary>The block in the store, as memory last read it.</summary>
    public Block Stored { get; private set; }

    public BlockId Id => Stored.Id;

    /// <summary>The held addresses. Changes that are not yet committed are included.</summary>
    public ulong Held => Damage is null ? _next.Held | _heldByOthers : 0;

    /// <summary>The addresses that are cooling down.</summary>
    public ulong Cooling => Damage is null ? _next.CoolingBits : 0;

    /// <summary>The addresses of a damaged block.</summary>
    public ulong SetAside => Damage is null ? 0 : ulong.MaxValue;

    /// <summary>What counts of the block.</summary>
    public BlockCounts Counts => new(Held, Cooling & ~Held, SetAside);

    /// <summary>What the views of ranges have counted of it.</summary>
    public BlockCounts Counted { get; set; }

    /// <summary>The addresses that can't be handed out, if what is unread is read first.</summary>
    public ulong Unavailable => Held | Cooling | SetAside;

    /// <summary>The addresses that can't be handed out now. Of an unread block these are all: a block can't be written without its leases.</summary>
    public ulong Taken => IsUnread ? ulong.MaxValue : Unavailable;

    /// <summary>What is wrong with the block in the store; null if it is whole. What was last read of it, if it ever was, is then all that is known.</summary>
    public DamagedBlock? Damage { get; private set; }

    /// <summary>Whether the damaged block is among those that the store lists for this node.</summary>
    public bool IsListedForNode { get; private set; }

    /// <summary>Whether only the block's summary is known.</summary>
    public bool IsUnread { get; private set; }

    /// <summary>The node that owns the block, or will own it after the next commit; null if all nodes share it.</summary>
    public string? Node => _next.Node;

    /// <summary>Whether the store has the block, or will have it after the next commit.</summary>
    public bool IsClaimed => Stored.Version != 0 || IsDirty;

    /// <summary>When the first of the cooldowns ends; null if no address cools down.</summary>
    public DateTimeOffset? CooldownEndsAt => FirstToCoolDown(ulong.MaxValue, DateTimeOffset.MinValue)?.Until;

    public long LastSequence => _next.LastSequence;

    public int LastOffset => _next.LastOffset;

    /// <summary>When memory last saw that an address of the block was handed out: a timestamp of the monotonic clock, as leases' times come from clocks that are set.</summary>
    public long HandedOutAt { get; set; }

    public bool IsDirty => _isChanged || _isToBeWritten || IsToBeDeleted;

    public bool IsToBeDeleted { get; private set; }

    /// <summary>The <see cref="LedgerIntake.NextMoment"/> since which the store is known to have the block as memory has it: a commit's or a read's.</summary>
    public long ConfirmedIn { get; set; }

    /// <summary>When a look last brought the block: a timestamp of the monotonic clock; null for never.</summary>
    public long? LookedAt { get; set; }

    public IReadOnlyList<Lease> Leases => _next.Leases;

    public Lease? LeaseOf(Address address) => _next.LeaseOf(address);

    /// <summary>Whether this very lease is held, for all that can be known.</summary>
    public bool Holds(Lease lease) => Damage is null && _next.Holds(lease);

    /// <summary>Takes an address.</summary>
    /// <param name="lease">The lease of it.</param>
    /// <param name="elsewhere">Which addresses it may have just as well.</param>
    public void Take(Lease lease, ulong elsewhere = 0)
    {
        Change(_next.Take(lease));
        _elsewhere &= elsewhere;
    }

    /// <summary>Claims the block, which must be empty, for the node.</summary>
    public void Claim(string node) => _next = _next with { Node = node };

    /// <summary>Gives back an address that nobody was told of.</summary>
    public void GiveBack(Lease lease, ReleaseReason reason) => End(lease, reason, _next.GiveBack(lease));

    /// <summary>Releases a lease; its address cools down for as long as the lease says.</summary>
    public void Release(Lease lease, ReleaseReason reason, DateTimeOffset now)
    {
        End(lease, reason, _next.Release(lease, now));
        _isToBeWritten |= lease.Cooldown > TimeSpan.Zero;
    }

    /// <summary>Ends the cooldowns that are over. That alone is no reason to write the block.</summary>
    public void EndCooldowns(DateTimeOffset now) => _next = _next.EndCooldowns(now);

    /// <summary>The cooling address among <paramref name="wanted"/> whose cooldown ends first after a moment; null if there is none.</summary>
    public CoolingAddress? FirstToCoolDown(ulong wanted, DateTimeOffset after) => Damage is null ? _next.FirstToCoolDown(wanted, after) : null;

    /// <summary>Proposes to delete the block, which must hold no lease. The next <see cref="Take"/> withdraws this proposal.</summary>
    public void Delete() => IsToBeDeleted = true;

    /// <summary>
    /// Proposes to write the block whether or not a lease changes. The new sequence makes it differ from what the store has, and changes that were made before are placed
    /// no more.
    /// </summary>
    public void Fence(long sequence)
    {
        _isToBeWritten = _isFenced = true;
        _next = _next with { LastSequence = sequence };
    }

    /// <summary>The change to write to the store; null if there is nothing to write.</summary>
    public BlockChange? ToChange()
    {
        var added = new List<Lease>();
        var ended = new List<EndedLease>();
        if (_isChanged)
            Compare(added, ended);
        return added.Count == 0 && ended.Count == 0 && !IsToBeDeleted && !_isToBeWritten
            ? null
            : new BlockChange(_next, added, ended, IsToBeDeleted) { Elsewhere = ended.Count == 0 && !_isToBeWritten && Node is null ? _elsewhere : 0, IsFence = _isFenced };
    }

    /// <summary>The store wrote the change of <see cref="ToChange"/>.</summary>
    public void Committed(long version) => Reset(_next with { Version = version });

    /// <summary>Forgets all changes that aren't committed; <paramref name="stored"/> is what the store has.</summary>
    public void Reset(Block stored)
    {
        Stored = _next = stored;
        _ended.Clear();
        _heldByOthers = 0;
        _elsewhere = ulong.MaxValue;
        _isChanged = _isToBeWritten = _isFenced = IsToBeDeleted = IsUnread = IsListedForNode = false;
        Damage = null;
    }

    /// <summary>The store's block can't be read. What was known of its leases is still known, so that their owners can be told.</summary>
    public void Suspend(DamagedBlock damage, bool isListedForNode)
    {
        Reset(Stored);
        (Damage, IsListedForNode) = (damage, isListedForNode);
    }

    /// <summary>Learns the block's summary. Its leases stay unknown.</summary>
    public void Learn(BlockSummary summary)
    {
        Reset(new Block(summary.Id, []) { Node = summary.Node, Version = summary.Version });
        _heldByOthers = summary.Held;
        IsUnread = true;
    }

    private void End(Lease lease, ReleaseReason reason, Block next)
    {
        Change(next);
        _ended.Add(new EndedLease(lease, reason));
    }

    private void Change(Block next)
    {
        _next = next;
        _isChanged = true;
        IsToBeDeleted = false;
    }

    private void Compare(List<Lease> added, List<EndedLease> ended)
    {
        for (var either = Stored.Held | _next.Held; either != 0; either &= either - 1)
        {
            var address = Id.AddressAt(BitOperations.TrailingZeroCount(either));
            var before = Stored.LeaseOf(address);
            var after = _next.LeaseOf(address);
            if (ReferenceEquals(before, after))
                continue;
            if (before is not null)
                ended.Add(new EndedLease(before, _ended.Find(end => end.Lease.IsSameAs(before))!.Reason));
            if (after is not null)
                added.Add(after);
        }
    }
}

/// <summary>Which addresses of a block count as what; one bit for each address.</summary>
/// <param name="Held">Those that are held.</param>
/// <param name="Cooling">Others that are cooling down.</param>
/// <param name="SetAside">Those of a damaged block.</param>
internal readonly record struct BlockCounts(ulong Held, ulong Cooling, ulong SetAside);
