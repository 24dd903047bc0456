using System.Numerics;
using Ipam.Core.Addresses;

namespace Ipam.Core.Blocks;

/// <summary>
/// The unit of truth: 64 addresses of a space, which of them are held, and by whom. Immutable; a store replaces it as a whole if
/// nobody else did since (<see cref="Version"/>).
/// </summary>
public sealed record Block
{
    private readonly Lease[] _leases;

    /// <summary>A block with the given leases.</summary>
    /// <exception cref="ArgumentException">A lease is of another block, or two are of one address.</exception>
    public Block(BlockId id, IEnumerable<Lease> leases)
    {
        Id = id;
        _leases = leases.ToArray();
        Array.Sort(_leases, static (a, b) => a.Address.CompareTo(b.Address));
        foreach (var lease in _leases)
        {
            var bit = 1UL << BlockId.OffsetOf(lease.Address);
            if (BlockId.Of(lease.Space, lease.Address) != id || (Held & bit) != 0)
                throw new ArgumentException($"lease of {lease.Address} in space {lease.Space} doesn't fit block {id}", nameof(leases));
            Held |= bit;
        }
    }

    /// <summary>Which block this is.</summary>
    public BlockId Id { get; }

    /// <summary>The node the block belongs to; null where all nodes share it.</summary>
    public string? Node { get; init; }

    /// <summary>
    /// The store's version: another one after every change, and never the same again for this block, not even after it was deleted
    /// and created anew. 0 for a block that the store doesn't have.
    /// </summary>
    public long Version { get; init; }

    /// <summary>No sequence larger than this was ever handed out in this block; 0 for none. It never goes back while the block exists.</summary>
    public long LastSequence { get; init; }

    /// <summary>Offset of the address handed out last, held or not; -1 for none. <c>next</c> goes on behind it.</summary>
    public int LastOffset { get; init; } = -1;

    /// <summary>Freed addresses that rest, by offset; none of them is held. Those whose time has come may still be here.</summary>
    public IReadOnlyList<RestingAddress> Resting { get; init; } = [];

    /// <summary>One bit per address that is held, bit 0 for the first address.</summary>
    public ulong Held { get; }

    /// <summary>The leases, one for each bit of <see cref="Held"/>, by address.</summary>
    public IReadOnlyList<Lease> Leases => _leases;

    /// <summary>The lease of <paramref name="address"/>, which must belong to this block; null if it is free.</summary>
    public Lease? LeaseOf(Address address)
    {
        var offset = BlockId.OffsetOf(address);
        var bit = 1UL << offset;
        return (Held & bit) == 0 ? null : _leases[BitOperations.PopCount(Held & (bit - 1))];
    }

    /// <summary>Equal when everything is, lease by lease.</summary>
    public bool Equals(Block? other) =>
        other is not null && Id == other.Id && Node == other.Node && Version == other.Version && LastSequence == other.LastSequence
        && LastOffset == other.LastOffset && Resting.SequenceEqual(other.Resting) && _leases.AsSpan().SequenceEqual(other._leases);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Version, Held);
}
