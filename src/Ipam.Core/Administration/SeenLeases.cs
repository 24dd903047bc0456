using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Core.Administration;

/// <summary>
/// Notices, among many leases that come by, those that may contradict each other, and keeps little of each: a bit for its address, and a number for its owner and
/// entry, which another one may have by chance. Not thread-safe.
/// </summary>
internal sealed class SeenLeases
{
    private const ulong HashBasis = 0xcbf29ce484222325;
    private const ulong HashPrime = 0x100000001b3;

    private readonly Dictionary<BlockId, ulong> _held = [];
    private readonly HashSet<ulong> _owners = [];
    private readonly HashSet<(string Space, Address Address)> _heldTwice = [];
    private readonly HashSet<ulong> _owningTwice = [];

    /// <summary>Whether any lease may contradict another one.</summary>
    public bool HasDoubts => _heldTwice.Count + _owningTwice.Count > 0;

    /// <summary>Takes a look at a lease.</summary>
    public void Look(Lease lease)
    {
        var id = BlockId.Of(lease.Space, lease.Address);
        var bit = 1UL << BlockId.OffsetOf(lease.Address);
        var held = _held.GetValueOrDefault(id);
        _held[id] = held | bit;
        if ((held & bit) != 0)
            _heldTwice.Add((lease.Space, lease.Address));
        if (NumberOf(lease) is var number && !_owners.Add(number))
            _owningTwice.Add(number);
    }

    /// <summary>Whether this lease may contradict another one.</summary>
    public bool IsDoubtful(Lease lease) => _heldTwice.Contains((lease.Space, lease.Address)) || _owningTwice.Contains(NumberOf(lease));

    /// <summary>FNV-1a (RFC 9923), over the owner's words and the entry.</summary>
    private static ulong NumberOf(Lease lease)
    {
        var (network, container, interfaceName) = lease.Owner;
        return Mix(Mix(Mix(Mix(HashBasis, network), container), interfaceName), (char)lease.Entry);
    }

    private static ulong Mix(ulong hash, string word)
    {
        foreach (var character in word)
            hash = Mix(hash, character);
        // No word has this character, so that words can't run into each other.
        return Mix(hash, '\0');
    }

    private static ulong Mix(ulong hash, char character) => (hash ^ character) * HashPrime;
}
