using Ipam.Core.Addresses;
using Ipam.Core.Pools;

namespace Ipam.Configuration.Ranges;

/// <summary>What a configuration means at the moment.</summary>
/// <param name="Space">The address space.</param>
/// <param name="Sets">One address is handed out from each set, from the first of its ranges that has room.</param>
/// <param name="Pools">The pools that the sets have ranges of, by name.</param>
/// <param name="Reserved">What is reserved in the space.</param>
/// <param name="ObstacleOf">Why pools that the configuration names hand out nothing to this request, by the pool's name.</param>
public sealed record RangeSets(
    string Space,
    IReadOnlyList<IReadOnlyList<AllocationRange>> Sets,
    IReadOnlyDictionary<string, Pool> Pools,
    IReadOnlyList<Reservation> Reserved,
    IReadOnlyDictionary<string, string> ObstacleOf)
{
    /// <summary>Why pools hand out nothing, in the order of the configuration.</summary>
    public IEnumerable<string> Obstacles => Pools.Keys.Where(ObstacleOf.ContainsKey).Select(pool => ObstacleOf[pool]);

    /// <summary>The reservation that an address is in; null if it isn't reserved.</summary>
    public Reservation? ReservationOf(Address address) =>
        Reserved.FirstOrDefault(reservation => reservation.Addresses.Any(range => range.Contains(address)));
}
