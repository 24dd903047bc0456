using System.Globalization;
using Ipam.Configuration.Ranges;
using Ipam.Core.Addresses;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Text;

namespace Ipam.Configuration.Explanations;

/// <summary>Says of each range of a configuration why it is used or isn't, in the order in which ipamd tries them.</summary>
/// <param name="sets">The ranges.</param>
/// <param name="forecast">What ipamd would do.</param>
/// <param name="held">What the one who asks holds.</param>
public sealed class RangeRows(RangeSets sets, AllocationForecast forecast, IReadOnlyList<Lease> held)
{
    private const int MostHolders = 3;

    /// <summary>All of them.</summary>
    public IEnumerable<RangeRow> All() => sets.Sets.SelectMany((set, number) => Of(set, number));

    private IEnumerable<RangeRow> Of(IReadOnlyList<AllocationRange> set, int number)
    {
        var next = set.Select(forecast.NextOf).ToArray();
        var holds = held.FirstOrDefault(lease => lease.Space == sets.Space && set.Any(range => range.Reach.Contains(lease.Address)));
        var holder = holds is null ? null : AllocationRange.WithAddress(set, holds.Address);
        var used = Array.FindIndex(next, static address => address is not null);
        var cooling = used < 0 ? forecast.NextCoolingOf(set) : null;
        if (cooling is { } last)
            next[used = set.ToList().IndexOf(last.Range)] = last.Address;
        for (var i = 0; i < set.Count; i++)
        {
            var standing = forecast.StandingOf(set[i]);
            var isUsed = holds is null ? i == used : set[i] == holder;
            yield return new RangeRow(number, set[i], standing, ReservedIn(set[i].Bounds), next[i], isUsed, Why(set[i], standing, next[i], holds, isUsed, cooling is not null));
        }
    }

    private string Why(AllocationRange range, RangeStanding standing, Address? next, Lease? holds, bool isUsed, bool isCooling)
    {
        if (isUsed && holds is not null)
            return $"holds {holds.Address}";
        if (range.Pool is { } pool && sets.ObstacleOf.TryGetValue(pool, out var obstacle))
            return obstacle;
        if (standing.Size == 0)
            return "hands out nothing: each address is excluded, reserved, a gateway, or a network or broadcast address";
        if (isUsed)
            return isCooling ? "would be used, although the address still cools down (reuseResting)" : "would be used";
        return next is not null ? holds is null ? "used only if those before are exhausted" : "has room" : $"exhausted: {string.Join("; ", Eaters(range, standing))}";
    }

    private IEnumerable<string> Eaters(AllocationRange range, RangeStanding standing)
    {
        if (standing.Held > 0)
            yield return $"{Number(standing.Held)} held ({Holders(range)})";
        if (standing.CoolingUntil is { } until)
            yield return $"{Number(standing.Cooling)} cooling down, the first until {TimeText.Of(until)}";
        if (standing.SetAside > 0)
            yield return $"{Number(standing.SetAside)} in damaged blocks";
        if (standing.KeptFrom > 0)
            yield return $"{Number(standing.KeptFrom)} free in blocks of other nodes, which strict keeps from this one";
    }

    private string Holders(AllocationRange range)
    {
        var tally = LeaseTally.By("namespace");
        foreach (var lease in forecast.LeasesIn(range))
            tally.Add(lease);
        var all = tally.Counts.ToList();
        var named = string.Join(", ", all.Take(MostHolders).Select(static count => $"{(count.Key.Length > 0 ? $"namespace {count.Key}" : "no pod")}: {Number(count.Leases)}"));
        return all.Count <= MostHolders ? named : $"{named}, others: {Number(all.Skip(MostHolders).Sum(static count => (long)count.Leases))}";
    }

    private UInt128 ReservedIn(AddressRange bounds)
    {
        var reserved = sets.Reserved.SelectMany(static reservation => reservation.Addresses);
        return IntervalSet.Of(bounds, []).Size - IntervalSet.Of(bounds, reserved).Size;
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
