using System.Numerics;
using Ipam.Core.Addresses;

namespace Ipam.Core.Blocks;

/// <summary>
/// The unit of truth: 64 addresses of a space, which of them are held, and by whom. Immutable: each operation returns another block.
/// A store writes a block as a whole, and only if the stored block still has the same <see cref="Version"/>.
/// </summary>
public sealed record Block
{
    /// <summary>How many ends of leases wait in a block for a history.</summary>
    public const int MostEndsToNote = 64;

    private readonly IReadOnlyList<CoolingAddress> _cooling = [];

    /// <summary>A block with the given leases.</summary>
    /// <exception cref="ArgumentException">A lease is of another block, or two are of one address.</exception>
    public Block(BlockId id, IEnumerable<Lease> leases)
    {
        Id = id;
        Sorted = leases.ToArray();
        Array.Sort(Sorted, static (a, b) => a.Address.CompareTo(b.Address));
        foreach (var lease in Sorted)
            Held |= FreeBitOf(lease);
    }

    /// <summary>Which block this is.</summary>
    public BlockId Id { get; }

    /// <summary>The node the block belongs to; null where all nodes share it.</summary>
    public string? Node { get; init; }

    /// <summary>
    /// The store's version. It changes with every write. No version comes again for this block, not even after the block was deleted and
    /// created again. 0 for a block that the store doesn't have.
    /// </summary>
    public long Version { get; init; }

    /// <summary>The largest sequence that was handed out in this block; 0 for none. It never decreases while the block exists.</summary>
    public long LastSequence { get; init; }

    /// <summary>Offset of the address handed out last, held or not; -1 for none. The order <c>next</c> continues after it.</summary>
    public int LastOffset { get; init; } = -1;

    /// <summary>Freed addresses that are cooling down, by offset. None of them is held. The list may still contain addresses whose cooldown is over.</summary>
    public IReadOnlyList<CoolingAddress> Cooling
    {
        get => _cooling;
        init
        {
            _cooling = value;
            CoolingBits = 0;
            foreach (var address in value)
                CoolingBits |= 1UL << address.Offset;
        }
    }

    /// <summary>
    /// The last ends that no history has yet: where nodes keep the history, others leave here what they ended. Nothing else goes by them, equality neither. Empty where the
    /// store writes a history in its commits.
    /// </summary>
    public IReadOnlyList<EndToNote> EndsToNote { get; init; } = [];

    /// <summary>One bit per address in <see cref="Cooling"/>.</summary>
    public ulong CoolingBits { get; private init; }

    /// <summary>One bit per address that is held, bit 0 for the first address.</summary>
    public ulong Held { get; private init; }

    /// <summary>The leases, one for each bit of <see cref="Held"/>, by address.</summary>
    public IReadOnlyList<Lease> Leases => Sorted;

    private Lease[] Sorted { get; init; }

    /// <summary>What is known of the block without its leases.</summary>
    public BlockSummary Summary => new(Id, Version, Node, Held);

    /// <summary>The lease of <paramref name="address"/>, which must belong to this block; null if it is free.</summary>
    public Lease? LeaseOf(Address address)
    {
        var bit = 1UL << BlockId.OffsetOf(address);
        return (Held & bit) == 0 ? null : Sorted[RankOf(bit)];
    }

    /// <summary>Whether this very lease is held.</summary>
    public bool Holds(Lease lease) => LeaseOf(lease.Address)?.IsSameAs(lease) == true;

    /// <summary>Whether something outside holds an address.</summary>
    public bool HasStaticLeases => Array.Exists(Sorted, static lease => lease.Owner.IsStatic);

    /// <summary>
    /// Whether a node has to know the block's leases. It does if the node owns the block, if nobody owns it, or if the block has a lease
    /// that was handed out on the node.
    /// </summary>
    public bool MattersTo(string node) => Node is null || Node == node || Array.Exists(Sorted, lease => lease.Node == node);

    /// <summary>The block with one more lease. The lease's address must be free.</summary>
    /// <exception cref="ArgumentException">The address is of another block, or held.</exception>
    public Block Take(Lease lease)
    {
        var bit = FreeBitOf(lease);
        var at = RankOf(bit);
        var offset = BlockId.OffsetOf(lease.Address);
        var taken = this with
        {
            Sorted = [.. Sorted.AsSpan(0, at), lease, .. Sorted.AsSpan(at)],
            Held = Held | bit,
            LastSequence = lease.Sequence,
            LastOffset = offset,
        };
        return (CoolingBits & bit) == 0 ? taken : taken with { Cooling = [.. Cooling.Where(address => address.Offset != offset)] };
    }

    /// <summary>The block without a lease that nobody was told of. Its address can be handed out at once.</summary>
    /// <exception cref="ArgumentException">The block doesn't hold this very lease.</exception>
    public Block GiveBack(Lease lease)
    {
        if (!Holds(lease))
            throw new ArgumentException($"block {Id} doesn't hold the lease of {lease.Address} with sequence {lease.Sequence}", nameof(lease));
        var bit = 1UL << BlockId.OffsetOf(lease.Address);
        var at = RankOf(bit);
        return this with { Sorted = [.. Sorted.AsSpan(0, at), .. Sorted.AsSpan(at + 1)], Held = Held & ~bit };
    }

    /// <summary>The block without a lease. Its address cools down for as long as the lease says. Cooldowns that are over are removed.</summary>
    /// <exception cref="ArgumentException">The block doesn't hold this very lease.</exception>
    public Block Release(Lease lease, DateTimeOffset now)
    {
        var released = GiveBack(lease);
        if (lease.Cooldown <= TimeSpan.Zero)
            return released;
        var cooling = new CoolingAddress(
            BlockId.OffsetOf(lease.Address), DateTimeOffset.FromUnixTimeMilliseconds((now + lease.Cooldown).ToUnixTimeMilliseconds()));
        return released with
        {
            Cooling = [.. Cooling.Where(address => !address.IsOver(now)).Append(cooling).OrderBy(static address => address.Offset)],
        };
    }

    /// <summary>The block with ends of leases that are to be noted. Of more than <see cref="MostEndsToNote"/> the first are forgotten.</summary>
    public Block LeaveToNote(IReadOnlyCollection<EndedLease> ended, DateTimeOffset at) =>
        ended.Count == 0 ? this : this with { EndsToNote = [.. EndsToNote.Concat(ended.Select(end => new EndToNote(end, at))).TakeLast(MostEndsToNote)] };

    /// <summary>The block without the cooldowns that are over.</summary>
    public Block EndCooldowns(DateTimeOffset now) =>
        Cooling.Any(address => address.IsOver(now)) ? this with { Cooling = [.. Cooling.Where(address => !address.IsOver(now))] } : this;

    /// <summary>The sequence of the next lease that is written by compare-and-swap alone: the time in microseconds of the Unix epoch, and more than the last one.</summary>
    public long NextSequence(DateTimeOffset now) => Math.Max(LastSequence + 1, now.ToUnixTimeMilliseconds() * 1000);

    /// <summary>
    /// Whether the block may be deleted by one who isn't its node: nobody holds or waits for an address, and every sequence that a clock gives from now on is higher
    /// than those that were handed out.
    /// </summary>
    public bool IsSpent(DateTimeOffset now) => Held == 0 && Cooling.All(address => address.IsOver(now)) && LastSequence < now.ToUnixTimeMilliseconds() * 1000;

    /// <summary>The cooling address among <paramref name="wanted"/> (a bit each) whose cooldown ends first after a moment; null if there is none.</summary>
    public CoolingAddress? FirstToCoolDown(ulong wanted, DateTimeOffset after)
    {
        CoolingAddress? first = null;
        foreach (var address in Cooling)
        {
            if ((wanted & (1UL << address.Offset)) != 0 && address.Until > after && (first is not { } found || address.Until < found.Until))
                first = address;
        }
        return first;
    }

    /// <summary>What in the block contradicts itself, or can't be; null if nothing does. A store that reads such a block calls it damaged.</summary>
    /// <param name="held">The held addresses, as the store notes them beside the leases.</param>
    public string? FlawBeside(ulong held) =>
        held != Held ? $"it says that the addresses {held:x16} are held, and has leases of {Held:x16}"
        : Version <= 0 ? $"its version is {Version}, and wanted is a number from 1"
        : LastSequence is < 0 or >= Lease.SequenceLimit ? $"its last sequence is {LastSequence}, and wanted is a number from 0 to {Lease.SequenceLimit - 1}"
        : LastOffset is < -1 or >= BlockId.Size ? $"its last offset is {LastOffset}, and wanted is a number from -1 to {BlockId.Size - 1}"
        : (CoolingBits & Held) != 0 ? "an address that is held cools down"
        : BitOperations.PopCount(CoolingBits) != Cooling.Count ? "an address cools down twice"
        : Array.Find(Sorted, static lease => lease.Flaw is not null)?.Flaw;

    /// <summary>Equal if all leases are equal, and all properties but <see cref="EndsToNote"/>.</summary>
    public bool Equals(Block? other) =>
        other is not null && Id == other.Id && Node == other.Node && Version == other.Version && LastSequence == other.LastSequence
        && LastOffset == other.LastOffset && Cooling.SequenceEqual(other.Cooling) && Sorted.AsSpan().SequenceEqual(other.Sorted);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Version, Held);

    private ulong FreeBitOf(Lease lease)
    {
        var bit = 1UL << BlockId.OffsetOf(lease.Address);
        return BlockId.Of(lease.Space, lease.Address) == Id && (Held & bit) == 0
            ? bit
            : throw new ArgumentException($"lease of {lease.Address} in space {lease.Space} doesn't fit block {Id}", nameof(lease));
    }

    /// <summary>How many addresses before that of <paramref name="bit"/> are held.</summary>
    private int RankOf(ulong bit) => BitOperations.PopCount(Held & (bit - 1));
}

/// <summary>A freed address in its cooldown: it isn't handed out yet.</summary>
/// <param name="Offset">Its place in the block, 0 to 63.</param>
/// <param name="Until">When the cooldown ends; whole milliseconds.</param>
public readonly record struct CoolingAddress(int Offset, DateTimeOffset Until)
{
    /// <summary>
    /// Whether the cooldown is over. One that would end later than any cooldown that begins now was begun by a clock that is ahead: it must not keep the
    /// address from everybody until then.
    /// </summary>
    public bool IsOver(DateTimeOffset now) => Until <= now || Until - now > Lease.MaxCooldown;
}
