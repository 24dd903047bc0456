using System.Numerics;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Core.Ledger;

/// <summary>A block in memory: as the store has it, and as it shall be after the next commit. Not thread-safe.</summary>
internal sealed class LedgerBlock
{
    private readonly List<EndedLease> _ended = [];
    private Block _next;
    private ulong _heldByOthers;

    /// <summary>Whether a lease changed, and whether the block is to be written even if none did in the end.</summary>
    private bool _isChanged, _isToBeWritten;

    public LedgerBlock(Block stored) => Stored = _next = stored;

    /// <summary>The block as the store last told.</summary>
    public Block Stored { get; private set; }

    public BlockId Id => Stored.Id;

    /// <summary>The addresses held, changes not yet committed included.</summary>
    public ulong Held => _next.Held | _heldByOthers;

    /// <summary>The addresses in cooldown.</summary>
    public ulong Cooling => _next.CoolingBits;

    /// <summary>The addresses that are not to be had: without its leases a block can't be written, so none of its addresses is.</summary>
    public ulong Taken => IsUnread ? ulong.MaxValue : Held | Cooling;

    /// <summary>Whether only the block's summary is known.</summary>
    public bool IsUnread { get; private set; }

    /// <summary>The node the block belongs to or shall belong to; null where all nodes share it.</summary>
    public string? Node => _next.Node;

    /// <summary>Whether the block is there, or shall be.</summary>
    public bool IsClaimed => Stored.Version != 0 || IsDirty;

    /// <summary>When the first of the cooldowns ends; null if no address cools down.</summary>
    public DateTimeOffset? CooldownEndsAt => _next.FirstToCoolDown(ulong.MaxValue)?.Until;

    public long LastSequence => _next.LastSequence;

    public int LastOffset => _next.LastOffset;

    public bool IsDirty => _isChanged || _isToBeWritten || IsToBeDeleted;

    public bool IsToBeDeleted { get; private set; }

    /// <summary>The allocator's round in which the store last confirmed the block by a commit.</summary>
    public long ConfirmedInRound { get; set; }

    public IReadOnlyList<Lease> Leases => _next.Leases;

    public Lease? LeaseOf(Address address) => IsUnread ? null : _next.LeaseOf(address);

    public void Take(Lease lease) => Change(_next.Take(lease));

    /// <summary>Makes the block, which holds nothing, the node's.</summary>
    public void Claim(string node) => _next = _next with { Node = node };

    /// <summary>Gives an address back that nobody was told of.</summary>
    public void GiveBack(Lease lease, ReleaseReason reason) => End(lease, reason, _next.GiveBack(lease));

    /// <summary>Releases a lease; its address cools down for as long as the lease says.</summary>
    public void Release(Lease lease, ReleaseReason reason, DateTimeOffset now)
    {
        End(lease, reason, _next.Release(lease, now));
        _isToBeWritten |= lease.Cooldown > TimeSpan.Zero;
    }

    /// <summary>Ends the cooldowns whose time has come. That needn't be written.</summary>
    public void EndCooldowns(DateTimeOffset now) => _next = _next.EndCooldowns(now);

    /// <summary>The cooling address among <paramref name="wanted"/> whose cooldown ends first; null if none of them cools down.</summary>
    public CoolingAddress? FirstToCoolDown(ulong wanted) => _next.FirstToCoolDown(wanted);

    /// <summary>Proposes to delete the block, which holds no lease. Taken back by the next <see cref="Take"/>.</summary>
    public void Delete() => IsToBeDeleted = true;

    /// <summary>Proposes to write the block whether or not a lease changes. The new sequence makes it differ from what the store has.</summary>
    public void Fence(long sequence)
    {
        _isToBeWritten = true;
        _next = _next with { LastSequence = sequence };
    }

    /// <summary>What to ask of the store; null if nothing is to be written.</summary>
    public BlockChange? ToChange()
    {
        var added = new List<Lease>();
        var ended = new List<EndedLease>();
        if (_isChanged)
            Compare(added, ended);
        return added.Count == 0 && ended.Count == 0 && !IsToBeDeleted && !_isToBeWritten
            ? null
            : new BlockChange(_next, added, ended, IsToBeDeleted);
    }

    /// <summary>The store wrote what <see cref="ToChange"/> asked for.</summary>
    public void Committed(long version) => Reset(_next with { Version = version });

    /// <summary>Forgets what isn't committed; <paramref name="stored"/> is the truth.</summary>
    public void Reset(Block stored)
    {
        Stored = _next = stored;
        _ended.Clear();
        _heldByOthers = 0;
        _isChanged = _isToBeWritten = IsToBeDeleted = IsUnread = false;
    }

    /// <summary>Learns of a block what its summary says.</summary>
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
