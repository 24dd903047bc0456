using Cni.Protocol;
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
    /// <summary>What the pod chose in place of the configuration's pools; null if it chose none.</summary>
    public PoolChoice? Choice { get; init; }

    /// <summary>Where pods may choose pools: what each pool of the space could have given to one. Null if pods may choose none, or this one chose.</summary>
    public IReadOnlyList<AllocationRange>? Choosable { get; init; }

    /// <summary>Why pools hand out nothing, in the order of the configuration.</summary>
    public IEnumerable<string> Obstacles => Pools.Keys.Where(ObstacleOf.ContainsKey).Select(pool => ObstacleOf[pool]);

    /// <summary>The reservation that keeps an address from anybody; null if there is none.</summary>
    public Reservation? ReservationOf(Address address) =>
        Reserved.FirstOrDefault(reservation => !reservation.OnRequest && reservation.Addresses.Any(range => range.Contains(address)));

    /// <summary>The same for who finds more pools closed: he keeps what he holds of them, and gets nothing new.</summary>
    /// <param name="obstacles">Why, by the pools' names.</param>
    public RangeSets Without(IReadOnlyDictionary<string, string> obstacles) => obstacles.Count == 0 ? this : this with
    {
        Sets = [.. Sets.Select(set => set.Select(range => range.Pool is { } pool && obstacles.ContainsKey(pool) ? range.Closed() : range).ToArray())],
        ObstacleOf = ObstacleOf.Concat(obstacles).ToDictionary(static obstacle => obstacle.Key, static obstacle => obstacle.Value),
    };

    /// <summary>The pools that have a quota for pods of a namespace, and from how many of the sets each could give an address: from none if it is closed.</summary>
    public IReadOnlyList<(Pool Pool, int Count)> WithQuota(string podNamespace) =>
    [
        .. Pools.Values.Where(pool => pool.Quotas.Count > 0 && pool.QuotaOf(podNamespace) is not null)
            .Select(pool => (pool, ObstacleOf.ContainsKey(pool.Name) ? 0 : Sets.Count(set => set.Any(range => range.Pool == pool.Name)))),
    ];

    /// <summary>
    /// What somebody gets who asks for a reservation: of each set whose ranges have an address of it, such an address; of others any.
    /// </summary>
    /// <param name="name">The reservation's name; null for who asks for none.</param>
    /// <exception cref="CniException">There is no such reservation, or none of its addresses is to be had here.</exception>
    public RangeSets For(string? name)
    {
        if (name is null)
            return this;
        var reservation = Reserved.FirstOrDefault(reservation => reservation.Name == name)
            ?? throw Refused($"requested reservation \"{name}\" isn't there in space \"{Space}\"", "see 'ipamctl reservation list'");
        if (!reservation.OnRequest)
            throw Refused($"requested reservation \"{name}\" is for nobody", "'ipamctl reservation add --on-request' makes one that may be asked for");
        var restricted = Sets.Select(set => set.Select(range => range.Among(reservation.Addresses)).Where(static range => !range.Requestable.IsEmpty).ToArray()).ToList();
        return restricted.TrueForAll(static set => set.Length == 0)
            ? throw Refused(
                $"requested reservation \"{name}\" has no address in the configured ranges",
                $"reserved: {string.Join(", ", reservation.Addresses)}; ranges: {string.Join("; ", Sets.Select(static set => RangeText.Of(set)).Concat(Obstacles))}")
            : this with { Sets = [.. restricted.Select((set, i) => set.Length == 0 ? Sets[i] : set)] };
    }

    private static CniException Refused(string message, string details) => new(IpamErrorCode.RequestRefused, message, details);
}
