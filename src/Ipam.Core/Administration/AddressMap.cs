using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Core.Administration;

/// <summary>
/// What each address is that lies in some spans of a space: runs of addresses that are alike, however many they are. Its size grows with the blocks that the store has there.
/// </summary>
public sealed class AddressMap
{
    private readonly string _space;
    private readonly Dictionary<BlockId, (ulong Held, ulong Cooling)> _blocks = [];
    private readonly Dictionary<Address, AddressState> _marked = [];
    private readonly HashSet<BlockId> _damaged = [];
    private readonly IReadOnlyList<IntervalSet> _handedOut;
    private readonly IReadOnlyList<AddressRange> _ranges;
    private readonly IReadOnlyList<AddressRange> _reserved;

    private AddressMap(string space, IReadOnlyList<AddressRange> spans, IEnumerable<Pool> pools, PoolCatalog catalog)
    {
        (_space, Spans) = (space, spans);
        var some = pools.Where(pool => pool.Space == space).ToList();
        _handedOut = [.. some.SelectMany(static pool => PoolRanges.Of(pool, [])).Select(static range => range.Allocatable)];
        _ranges = [.. some.SelectMany(static pool => pool.Ranges).Select(static range => range.Bounds)];
        _reserved = [.. PoolAddresses.Reserved(catalog, space)];
    }

    /// <summary>The addresses that it is of, by span.</summary>
    public IReadOnlyList<AddressRange> Spans { get; }

    /// <summary>The damaged blocks of the space.</summary>
    public IReadOnlyList<DamagedBlock> Damaged { get; private set; } = [];

    /// <summary>Reads the blocks of a space that lie in the spans.</summary>
    /// <param name="store">The store, open.</param>
    /// <param name="space">The space.</param>
    /// <param name="spans">The addresses, in the order in which they are to be shown.</param>
    /// <param name="pools">The pools whose ranges count.</param>
    /// <param name="catalog">Has the reservations.</param>
    /// <param name="now">The time, by which cooldowns are over or not.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="StoreException">The store failed.</exception>
    public static async Task<AddressMap> ReadAsync(
        IIpamStore store, string space, IReadOnlyList<AddressRange> spans, IEnumerable<Pool> pools, PoolCatalog catalog, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var map = new AddressMap(space, spans, pools, catalog);
        await foreach (var page in store.ListBlocksAsync(new BlockFilter(space), cancellationToken))
            map.Add(page, now);
        return map;
    }

    /// <summary>The same from blocks that were read: all that the store has in the spans.</summary>
    public static AddressMap Of(
        string space, IReadOnlyList<AddressRange> spans, IEnumerable<Pool> pools, PoolCatalog catalog, Found<Block> blocks, DateTimeOffset now)
    {
        var map = new AddressMap(space, spans, pools, catalog);
        map.Add(blocks, now);
        return map;
    }

    /// <summary>The runs of a span, in order. Two that follow each other differ in their state.</summary>
    public IEnumerable<AddressRun> RunsOf(AddressRange span)
    {
        AddressRun? run = null;
        foreach (var piece in Pieces(span))
        {
            var state = StateOf(piece.First);
            if (run is { } before && before.State == state)
            {
                run = before with { Addresses = before.Addresses with { Last = piece.Last } };
                continue;
            }
            if (run is { } done)
                yield return done;
            run = new AddressRun(piece, state);
        }
        if (run is { } last)
            yield return last;
    }

    private void Add(Found<Block> page, DateTimeOffset now)
    {
        if (page.Damaged.Count > 0)
            Damaged = [.. Damaged, .. page.Damaged];
        _damaged.UnionWith(page.Damaged.Select(static block => block.Id).OfType<BlockId>());
        foreach (var block in page.Where(block => Spans.Any(RangeOf(block.Id).Overlaps)))
        {
            _blocks[block.Id] = (block.Held, block.EndCooldowns(now).CoolingBits);
            foreach (var lease in block.Leases.Where(static lease => !lease.Owner.IsContainer))
                _marked[lease.Address] = StateOf(lease.Owner);
        }
    }

    /// <summary>Pieces of a span in each of which all addresses have one state: single addresses where the store has a block.</summary>
    private IEnumerable<AddressRange> Pieces(AddressRange span)
    {
        var family = span.First.Family;
        var starts = new SortedSet<UInt128> { span.First.Value };
        foreach (var range in _ranges.Concat(_reserved).Concat(_handedOut.SelectMany(static set => set.Intervals)))
            Add(range);
        foreach (var edge in _handedOut.SelectMany(set => set.SkippedIn(span)))
            Add(new AddressRange(edge, edge));
        foreach (var id in _blocks.Keys.Concat(_damaged))
            Add(RangeOf(id));
        using var next = starts.GetEnumerator();
        next.MoveNext();
        for (var first = next.Current; ;)
        {
            var isLast = !next.MoveNext();
            var last = isLast ? span.Last.Value : next.Current - 1;
            if (_blocks.ContainsKey(BlockId.Of(_space, new Address(family, first))))
            {
                for (var value = first; ; value++)
                {
                    yield return new AddressRange(new Address(family, value), new Address(family, value));
                    if (value == last)
                        break;
                }
            }
            else
                yield return new AddressRange(new Address(family, first), new Address(family, last));
            if (isLast)
                yield break;
            first = next.Current;
        }

        void Add(AddressRange range)
        {
            if (!range.Overlaps(span))
                return;
            if (range.First > span.First)
                starts.Add(range.First.Value);
            if (range.Last < span.Last)
                starts.Add(range.Last.Value + 1);
        }
    }

    private AddressState StateOf(Address address)
    {
        var id = BlockId.Of(_space, address);
        if (_damaged.Contains(id))
            return AddressState.Damaged;
        if (_marked.TryGetValue(address, out var marked))
            return marked;
        var (held, cooling) = _blocks.GetValueOrDefault(id);
        var bit = 1UL << BlockId.OffsetOf(address);
        var isHeld = (held & bit) != 0;
        if (_reserved.Any(range => range.Contains(address)))
            return isHeld ? AddressState.ReservedHeld : AddressState.Reserved;
        var isHandedOut = _handedOut.Any(set => set.Contains(address));
        if (isHeld)
            return isHandedOut ? AddressState.Held : AddressState.OutsideHeld;
        if (isHandedOut)
            return (cooling & bit) != 0 ? AddressState.Cooling : AddressState.Free;
        return _ranges.Any(range => range.Contains(address)) ? AddressState.Masked : AddressState.Outside;
    }

    private static AddressState StateOf(Owner owner) => owner.IsStatic ? AddressState.Static : owner.IsConflict ? AddressState.Conflict : AddressState.Kept;

    private static AddressRange RangeOf(BlockId id) => new(id.AddressAt(0), id.AddressAt(BlockId.Size - 1));
}

/// <summary>Addresses that follow each other and are alike.</summary>
/// <param name="Addresses">The addresses.</param>
/// <param name="State">What each of them is.</param>
public readonly record struct AddressRun(AddressRange Addresses, AddressState State)
{
    /// <summary>How many there are; 2^128 - 1 for all of IPv6.</summary>
    public UInt128 Count => Addresses.Last.Value - Addresses.First.Value is var width && width == UInt128.MaxValue ? width : width + 1;
}
