using System.Globalization;
using Ipam.Core.Addresses;

namespace Ipam.Core.Blocks;

/// <summary>One address held by one owner. A value; it changes only by release.</summary>
public sealed record Lease
{
    /// <summary>Sequences are below this.</summary>
    public const long SequenceLimit = 1L << 53;

    /// <summary>The longest cooldown.</summary>
    public static TimeSpan MaxCooldown { get; } = TimeSpan.FromDays(30);

    /// <summary>How long an address conflict keeps its address from everybody.</summary>
    public static TimeSpan ConflictLasts { get; } = TimeSpan.FromMinutes(10);

    /// <summary>The address space in which <see cref="Address"/> is unique.</summary>
    public required string Space { get; init; }

    /// <summary>The address held.</summary>
    public required Address Address { get; init; }

    /// <summary>Who holds it.</summary>
    public required Owner Owner { get; init; }

    /// <summary>
    /// Which of the owner's requested entries this address answers. Unique among the owner's leases. If a request with two entries over one
    /// subnet is repeated, the entries get the same two addresses in the same order.
    /// </summary>
    public required int Entry { get; init; }

    /// <summary>
    /// The release token. It grows with every lease handed out in the address's block, and no other lease of the same address ever has it.
    /// So a release that names an older sequence does nothing. Microseconds of the Unix epoch where the clock allows; below 2^53.
    /// </summary>
    public required long Sequence { get; init; }

    /// <summary>The node the container runs on.</summary>
    public required string Node { get; init; }

    /// <summary>The pod, if the runtime named one.</summary>
    public PodReference? Pod { get; init; }

    /// <summary>Path of the container's network namespace as the runtime gave it; may be empty.</summary>
    public string NetworkNamespace { get; init; } = "";

    /// <summary>Which namespace was at that path; unknown for a lease of an older program.</summary>
    public NamespaceIdentity NamespaceIdentity { get; init; }

    /// <summary>When the address was handed out; of a kept one, when its container went.</summary>
    public required DateTimeOffset AcquiredAt { get; init; }

    /// <summary>Whose address it is for longer than the container lives; null if nobody's.</summary>
    public StickyMark? Sticky { get; init; }

    /// <summary>What a sticky owner has the address for; null for an address that nobody keeps.</summary>
    public StickyInterface? StickyInterface => Sticky is { } mark ? Owner.Of(mark.Owner) : null;

    /// <summary>The text under which stores keep <see cref="NetworkNamespace"/>, <see cref="NamespaceIdentity"/> and <see cref="Sticky"/>: programs that know none of these two keep it as it is.</summary>
    public string PlaceText => StickyMark.Join(NamespaceIdentity.Join(NetworkNamespace), Sticky);

    /// <summary>How long the address cools down once it is released; whole seconds.</summary>
    public TimeSpan Cooldown { get; init; }

    /// <summary>When the lease ends by itself; null if it doesn't, as every lease but an address conflict's, and a kept one's that is kept for a while only.</summary>
    public DateTimeOffset? EndsAt => Owner.IsConflict ? AcquiredAt + ConflictLasts : Owner.IsKept ? AcquiredAt + Sticky?.Lasts : null;

    /// <summary>What no lease can have, such as an entry below zero; null if there is nothing of that kind.</summary>
    public string? Flaw =>
        Entry < 0 ? $"the lease of {Address} has the entry {Entry}, and wanted is a number from 0"
        : Sequence is <= 0 or >= SequenceLimit ? $"the lease of {Address} has the sequence {Sequence}, and wanted is a number from 1 to {SequenceLimit - 1}"
        : Cooldown < TimeSpan.Zero || Cooldown > MaxCooldown
            ? $"the lease of {Address} has a cooldown of {Cooldown.TotalSeconds} s, and wanted is 0 to {MaxCooldown.TotalSeconds}"
        : null;

    /// <summary>
    /// Whether the lease's time is over. An address conflict that would end later than any that begins now was begun by a clock that is ahead: it must not keep the
    /// address from everybody until then.
    /// </summary>
    /// <param name="now">The time of day.</param>
    /// <param name="longAgo">For how long it must be over.</param>
    public bool IsOver(DateTimeOffset now, TimeSpan longAgo = default) =>
        EndsAt is { } end && (end + longAgo <= now || (Owner.IsConflict && AcquiredAt - now > ConflictLasts));

    /// <summary>What is over when a kept lease's time is, in words; empty for any other lease.</summary>
    public string Overtime => Owner.IsKept && EndsAt is not null
        ? string.Create(CultureInfo.InvariantCulture, $"its last container went at {AcquiredAt:u}, and it is kept for {Sticky!.Lasts!.Value.TotalSeconds} s")
        : "";

    /// <summary>The lease by which a sticky owner keeps the address when this one, a container's, ends; null if the address is nobody's, or is kept already.</summary>
    /// <param name="now">The time of day.</param>
    /// <param name="node">The node that remembers it; empty for none.</param>
    public Lease? Kept(DateTimeOffset now, string node) =>
        Sticky is { } mark && !Owner.IsKept
            ? this with { Owner = Owner.Kept(Owner, mark.Owner, Space, Address), AcquiredAt = now, Node = node, NetworkNamespace = "", NamespaceIdentity = default }
            : null;

    /// <summary>Whether <paramref name="other"/> is this very lease: same space, address, sequence and owner.</summary>
    public bool IsSameAs(Lease other) =>
        Sequence == other.Sequence && Address == other.Address && Space == other.Space && Owner == other.Owner;

    /// <summary>Whether this is <paramref name="other"/>, or what a store made of it that placed it elsewhere in its block.</summary>
    public bool IsPlacedFrom(Lease other) =>
        Owner == other.Owner && Entry == other.Entry && AcquiredAt == other.AcquiredAt && Node == other.Node && Sequence >= other.Sequence
        && BlockId.Of(Space, Address) == BlockId.Of(other.Space, other.Address);
}

/// <summary>The pod a container belongs to, where the runtime told us.</summary>
/// <param name="Namespace">The pod's namespace.</param>
/// <param name="Name">The pod's name.</param>
/// <param name="Uid">The pod's UID; empty where the runtime doesn't pass it.</param>
public sealed record PodReference(string Namespace, string Name, string Uid)
{
    /// <summary>Whether both are the same pod: by UID where both are known, else by name.</summary>
    public bool IsSameAs(PodReference other) =>
        Uid.Length > 0 && other.Uid.Length > 0 ? Uid == other.Uid : Namespace == other.Namespace && Name == other.Name;

    /// <summary>As people name it, such as <c>shop/web-0</c>.</summary>
    public override string ToString() => $"{Namespace}/{Name}";
}
