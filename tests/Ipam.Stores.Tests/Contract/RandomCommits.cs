using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Stores.Tests.Contract;

/// <summary>Makes up commits, good and bad ones, over few blocks and few owners, so that they run into one another.</summary>
internal sealed class RandomCommits(int seed, Oracle oracle, bool withTakenOwners)
{
    private static readonly BlockId[] Ids =
    [
        .. from space in new[] { "default", "it's" }
           from address in new[] { "0.0.0.0", "10.0.0.0", "255.255.255.192", "::", "fd00::40", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" }
           select BlockId.Of(space, Address.Parse(address)),
    ];

    private readonly Random _random = new(seed);

    /// <summary>The owners that appear.</summary>
    public IReadOnlyList<Owner> Owners { get; } = Enumerable.Range(0, 12).Select(i => new Owner("net", $"container-{i % 6}", $"eth{i / 6}")).ToList();

    /// <summary>The nodes that appear.</summary>
    public static IReadOnlyList<string> Nodes { get; } = ["node-a", "node-b", "node-c"];

    /// <summary>The next commit.</summary>
    public BlockChange[] Next()
    {
        var ids = Ids.ToArray();
        _random.Shuffle(ids);
        return ids.Take(_random.Next(1, 5)).Select(NextChange).ToArray();
    }

    private BlockChange NextChange(BlockId id)
    {
        var block = oracle.BlockOf(id);
        if (_random.Next(4) == 0)
            block = block with { Node = _random.Next(3) == 0 ? null : NextNode(), Cooling = NextResting() };
        var change = block.Version != 0 && _random.Next(8) == 0 ? Change.Delete(block) : Change.Of(block, Added(id, Removed(block), out var removed), removed);
        return _random.Next(12) == 0 ? change with { Block = change.Block with { Version = WrongVersion(block) } } : change;
    }

    private List<Lease> Removed(Block block) => block.Leases.Where(_ => _random.Next(3) == 0).ToList();

    private List<Lease> Added(BlockId id, List<Lease> taken, out List<Lease> removed)
    {
        removed = taken;
        var held = oracle.BlockOf(id).Held;
        foreach (var lease in taken)
            held &= ~(1UL << BlockId.OffsetOf(lease.Address));
        return Enumerable.Range(0, _random.Next(4)).Select(_ => _random.Next(6) == 0 ? 63 : _random.Next(8)).Distinct()
            .Where(offset => (held >> offset & 1) == 0)
            .Select(offset => Some.Lease(id.AddressAt(offset), NextOwner(), _random.Next(2), id.Space) with { Node = NextNode() }).ToList();
    }

    private string NextNode() => Nodes[_random.Next(Nodes.Count)];

    private CoolingAddress[] NextResting() => Enumerable.Range(0, _random.Next(3))
        .Select(i => new CoolingAddress(40 + i, DateTimeOffset.UnixEpoch.AddMilliseconds(_random.NextInt64(1L << 42)))).ToArray();

    private Owner NextOwner() => withTakenOwners ? Owners[_random.Next(Owners.Count)] : Some.Owner();

    private long WrongVersion(Block block) => block.Version == 0 ? 1 : _random.Next(2) == 0 ? 0 : block.Version - 1;
}
