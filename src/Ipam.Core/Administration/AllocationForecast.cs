using System.Numerics;
using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Ledger;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Core.Administration;

/// <summary>
/// What ipamd on a node would answer, from what a store had when it was read. It decides with ipamd's own planner in a memory of its own, and writes nothing. An
/// ipamd that runs may remember another place for the order <c>next</c> where several nodes share blocks. Not thread-safe.
/// </summary>
public sealed class AllocationForecast
{
    private readonly string _space;
    private readonly string _node;
    private readonly IReadOnlyList<Block> _blocks;
    private readonly TimeProvider _time;
    private readonly AddressLedger _ledger;
    private readonly FreeAddress _free;

    private AllocationForecast(string space, string node, IReadOnlyList<Block> blocks, IReadOnlyList<DamagedBlock> damaged, TimeProvider time)
    {
        (_space, _node, _blocks, Damaged, _time) = (space, node, blocks, damaged, time);
        _ledger = new AddressLedger(node, time);
        foreach (var block in blocks)
            _ledger.Replace(block.Id, block);
        foreach (var damage in damaged)
            _ledger.SetAside(damage, isListedForNode: false);
        _free = new FreeAddress(_ledger, node, Random.Shared);
    }

    /// <summary>The damaged blocks of the space: nothing is handed out from them.</summary>
    public IReadOnlyList<DamagedBlock> Damaged { get; }

    /// <summary>Reads all blocks of a space.</summary>
    /// <exception cref="StoreException">The store failed.</exception>
    public static async Task<AllocationForecast> ReadAsync(IIpamStore store, string space, string node, TimeProvider time, CancellationToken cancellationToken)
    {
        var (blocks, damaged) = (new List<Block>(), new List<DamagedBlock>());
        await foreach (var page in store.ListBlocksAsync(new BlockFilter(space), cancellationToken))
        {
            blocks.AddRange(page);
            damaged.AddRange(page.Damaged);
        }
        return new AllocationForecast(space, node, blocks, damaged, time);
    }

    /// <summary>The same of another node.</summary>
    public AllocationForecast On(string node) => new(_space, node, _blocks, Damaged, _time);

    /// <summary>What an ADD would be answered. What it would take counts as taken from then on.</summary>
    /// <param name="owner">Who asks.</param>
    /// <param name="entries">What for.</param>
    /// <param name="held">What the owner holds, which an ADD gives again.</param>
    public AllocationOutcome Answer(Owner owner, IReadOnlyList<AllocationEntry> entries, IReadOnlyList<Lease> held)
    {
        var planner = new AllocationPlanner(_ledger, new Sequences(), _time, _free, TimeSpan.Zero);
        var first = held.Count > 0 ? held[0] : null;
        return planner.Plan(
            new AllocationRequest
            {
                Space = _space,
                Owner = owner,
                Entries = entries,
                Node = _node,
                NetworkNamespace = first?.NetworkNamespace ?? "",
                NamespaceIdentity = first?.NamespaceIdentity ?? default,
            },
            []);
    }

    /// <summary>The address that a range would hand out next; null if it has none. Where the order is random, it is one of many.</summary>
    public Address? NextOf(AllocationRange range) => _free.In(_space, range);

    /// <summary>The address that would be handed out from ranges that have no other left, although it cools down; null if their policies allow none.</summary>
    public (AllocationRange Range, Address Address)? NextCoolingOf(IReadOnlyList<AllocationRange> ranges) => _free.Cooling(_space, ranges, _time.GetUtcNow());

    /// <summary>How a range stands, closed or not.</summary>
    public RangeStanding StandingOf(AllocationRange range)
    {
        var addresses = range.AllocatableWhenOpen;
        var now = _time.GetUtcNow();
        long held = 0, cooling = 0, setAside = 0;
        DateTimeOffset? until = null;
        foreach (var (block, mask) in In(addresses))
        {
            held += BitOperations.PopCount(block.Held & mask);
            var left = block.EndCooldowns(now);
            cooling += BitOperations.PopCount(left.CoolingBits & mask);
            if (left.FirstToCoolDown(mask, now) is { } first && !(until < first.Until))
                until = first.Until;
        }
        foreach (var id in Damaged.Select(static damage => damage.Id).OfType<BlockId>().Distinct().Where(id => id.Family == addresses.Family))
            setAside += BitOperations.PopCount(addresses.MaskOf(id.Index));
        return new RangeStanding(addresses.Size, held, cooling, until, setAside, range.Allocatable.IsEmpty ? 0 : _free.KeptFrom(_space, range));
    }

    /// <summary>The leases of addresses of a range, closed or not, by address.</summary>
    public IEnumerable<Lease> LeasesIn(AllocationRange range) =>
        In(range.AllocatableWhenOpen).SelectMany(static block => block.Block.Leases).Where(lease => range.AllocatableWhenOpen.Contains(lease.Address));

    private IEnumerable<(Block Block, ulong Mask)> In(IntervalSet addresses)
    {
        foreach (var block in _blocks)
        {
            if (block.Id.Family == addresses.Family && addresses.MaskOf(block.Id.Index) is not 0 and var mask)
                yield return (block, mask);
        }
    }
}

/// <summary>How a range stands.</summary>
/// <param name="Size">The addresses that it hands out, held or not.</param>
/// <param name="Held">How many of them are held.</param>
/// <param name="Cooling">How many others are cooling down.</param>
/// <param name="CoolingUntil">When the first of these has cooled down; null if there is none.</param>
/// <param name="SetAside">How many are in damaged blocks.</param>
/// <param name="KeptFrom">How many are free in blocks that the policy keeps the node from.</param>
public sealed record RangeStanding(UInt128 Size, long Held, long Cooling, DateTimeOffset? CoolingUntil, long SetAside, long KeptFrom)
{
    /// <summary>How many could be handed out now, by some node.</summary>
    public UInt128 Free => Size - (UInt128)(Held + Cooling + SetAside);
}
