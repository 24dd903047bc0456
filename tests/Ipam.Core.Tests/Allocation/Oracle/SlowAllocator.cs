using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;

namespace Ipam.Core.Tests.Allocation.Oracle;

/// <summary>What the allocator promises, over plain lists: no bitmaps, no blocks, no store.</summary>
internal sealed class SlowAllocator
{
    /// <summary>Where each range goes on in the order <c>next</c>; ranges with the same addresses go on together.</summary>
    private readonly Dictionary<(string Space, IntervalSet Set), Address?> _cursors = [];

    private List<SlowLease> _held = [];

    /// <summary>
    /// The address handed out last within each 64 aligned ones, in order of time. It is all that is remembered of the past, and tells a
    /// range that wasn't asked for since the start where to go on.
    /// </summary>
    private List<(string Space, Address Address)> _handedOut = [];

    public IEnumerable<Address> Held(string space) => _held.Where(lease => lease.Space == space).Select(static lease => lease.Address);

    public string Allocate(string space, Owner owner, SlowEntry[] entries, AllocationOrder order, Address[]? drawn)
    {
        var (heldBefore, handedOutBefore) = (_held.ToList(), _handedOut.ToList());
        var answers = Replay(space, owner, entries);
        var replayed = Array.TrueForAll(answers, static answer => answer is not null);
        var taken = new List<(SlowRange Range, Address Address)>();
        for (var entry = 0; entry < entries.Length; entry++)
        {
            if (answers[entry] is not null)
                continue;
            if (Refusal(space, owner, entries[entry], entry) is { } refusal)
            {
                (_held, _handedOut) = (heldBefore, handedOutBefore);
                return refusal;
            }
            var (range, address) = Choose(space, entries[entry], order, drawn?[entry])!.Value;
            _held.Add(new SlowLease(space, address, owner, FreeEntryNumber(owner, entry, entries.Length)));
            HandedOut(space, address);
            if (range.HandsOut(address))
                taken.Add((range, address));
            answers[entry] = $"{address} of {range.Bounds}";
        }
        foreach (var (range, address) in taken)
            _cursors[(space, range.Real.Allocatable)] = address;
        return string.Join(", ", answers) + (replayed ? " again" : "");
    }

    public string Release(Owner owner)
    {
        var released = _held.FindAll(lease => lease.Owner == owner);
        _held.RemoveAll(released.Contains);
        return string.Join(", ", released.Select(static lease => $"{lease.Space} {lease.Address}").Order(StringComparer.Ordinal));
    }

    public void Restart() => _cursors.Clear();

    private string?[] Replay(string space, Owner owner, SlowEntry[] entries)
    {
        var unused = _held.Where(lease => lease.Space == space && lease.Owner == owner).OrderBy(static lease => lease.Entry).ToList();
        var answers = new string?[entries.Length];
        foreach (var sameEntryOnly in new[] { true, false })
        {
            for (var entry = 0; entry < entries.Length; entry++)
            {
                var wanted = entries[entry];
                var lease = answers[entry] is not null ? null : unused.Find(lease =>
                    (!sameEntryOnly || lease.Entry == entry)
                    && (wanted.Requested ?? lease.Address) == lease.Address
                    && Array.Exists(wanted.Ranges, range => range.Reaches(lease.Address)));
                if (lease is null)
                    continue;
                unused.Remove(lease);
                var of = Array.Find(wanted.Ranges, range => range.Bounds.Contains(lease.Address)) ?? Array.Find(wanted.Ranges, range => range.Reaches(lease.Address))!;
                answers[entry] = $"{lease.Address} of {of.Bounds}";
            }
        }
        return answers;
    }

    private string? Refusal(string space, Owner owner, SlowEntry wanted, int entry)
    {
        if (wanted.Requested is not { } requested)
        {
            if (Array.Exists(wanted.Ranges, range => FirstFree(space, range, range.Bounds.First.Value) is not null))
                return null;
            Array.ForEach(wanted.Ranges, range => Cursor(space, range));
            return $"entry {entry} exhausted with {wanted.Ranges.Sum(range => Held(space).Count(range.HandsOut))} held";
        }
        var another = _held.Find(lease => lease.Space == space && lease.Owner == owner && lease.Entry == entry
            && Array.Exists(wanted.Ranges, range => range.Reaches(lease.Address)));
        var holder = _held.Find(lease => lease.Space == space && lease.Address == requested);
        var (reason, inTheWay) =
            another is not null ? (RefusalReason.OwnerHoldsAnother, another)
            : Array.Exists(wanted.Ranges, range => range.Real.Gateway == requested) ? (RefusalReason.Gateway, null)
            : Array.Exists(wanted.Ranges, range => range.Gives(requested)) ? (RefusalReason.Held, holder)
            : Array.Exists(wanted.Ranges, range => range.Reaches(requested)) ? (RefusalReason.Excluded, null)
            : (RefusalReason.OutsideRanges, null);
        return reason == RefusalReason.Held && holder is null
            ? null
            : $"entry {entry}: {requested} refused, {reason} {inTheWay?.Address} {inTheWay?.Owner}";
    }

    private (SlowRange Range, Address Address)? Choose(string space, SlowEntry wanted, AllocationOrder order, Address? drawn)
    {
        if (wanted.Requested is { } requested)
            return (Array.Find(wanted.Ranges, range => range.HandsOut(requested)) ?? Array.Find(wanted.Ranges, range => range.Gives(requested))!, requested);
        foreach (var range in wanted.Ranges)
        {
            var cursor = Cursor(space, range);
            if (FirstFree(space, range, range.Bounds.First.Value) is not { } lowest)
                continue;
            if (order == AllocationOrder.Random)
                return (range, IsFree(space, range, drawn) ? drawn!.Value : lowest);
            var behind = cursor is { } last && last < range.Bounds.Last ? FirstFree(space, range, last.Value + 1) : null;
            return (range, order == AllocationOrder.Next ? behind ?? lowest : lowest);
        }
        return null;
    }

    private bool IsFree(string space, SlowRange range, Address? address) =>
        address is { } a && range.HandsOut(a) && !Held(space).Contains(a);

    private Address? FirstFree(string space, SlowRange range, UInt128 from)
    {
        var held = Held(space).ToHashSet();
        var address = range.Bounds.First with { Value = from };
        while (true)
        {
            if (range.HoleAround(address) is not { } hole)
            {
                if (!held.Contains(address))
                    return address;
                hole = new AddressRange(address, address);
            }
            if (hole.Last >= range.Bounds.Last)
                return null;
            address = address with { Value = hole.Last.Value + 1 };
        }
    }

    private Address? Cursor(string space, SlowRange range)
    {
        if (!_cursors.TryGetValue((space, range.Real.Allocatable), out var cursor))
        {
            var last = _handedOut.FindLast(past => past.Space == space && range.HandsOut(past.Address));
            _cursors[(space, range.Real.Allocatable)] = cursor = last.Space is null ? null : last.Address;
        }
        return cursor;
    }

    private void HandedOut(string space, Address address)
    {
        _handedOut.RemoveAll(past => past.Space == space && past.Address.Family == address.Family && past.Address.Value / 64 == address.Value / 64);
        _handedOut.Add((space, address));
    }

    private int FreeEntryNumber(Owner owner, int entry, int entries)
    {
        var used = _held.FindAll(lease => lease.Owner == owner).ConvertAll(static lease => lease.Entry);
        return used.Contains(entry) ? Enumerable.Range(entries, used.Count + 1).First(number => !used.Contains(number)) : entry;
    }
}
