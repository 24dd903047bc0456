using System.Globalization;
using Ipam.Core.Addresses;
using Ipam.Core.Imports;

namespace Ipam.Cli.Commands.Imports;

/// <summary>
/// Whereabouts (whereabouts.cni.cncf.io/v1alpha1): an IPPool for each range, with the offset of each held address; an OverlappingRangeIPReservation for each address, named by it; a
/// NodeSlicePool, with the part of a range that each node has.
/// </summary>
internal sealed class WhereaboutsReader : IObjectReader
{
    private const string Group = "whereabouts.cni.cncf.io";
    private const string Version = "v1alpha1";
    private const string PoolKind = "IPPool";
    private const string ReservationKind = "OverlappingRangeIPReservation";
    private const string SliceKind = "NodeSlicePool";

    public string Name => "whereabouts";

    public IReadOnlyList<ObjectKind> Kinds =>
    [
        new(PoolKind, Group, Version, "ippools"),
        new(ReservationKind, Group, Version, "overlappingrangeipreservations"),
        new(SliceKind, Group, Version, "nodeslicepools", IsOptional: true),
    ];

    public IReadOnlyList<FoundAddress> Read(IReadOnlyList<ClusterObject> objects, ObjectContext context)
    {
        var slices = objects.Where(static one => one.Kind == SliceKind).SelectMany(static one => one.Status["allocations"].Items).ToList();
        var found = objects.Where(static one => one.Kind == PoolKind).SelectMany(pool => ReadPool(pool, slices, context)).ToList();
        // All but those of addresses that are held by a pool alone: there the container is known.
        var known = found.Select(static one => one.Address).ToHashSet();
        found.AddRange(objects.Where(static one => one.Kind == ReservationKind).Select(one => ReadReservation(one, context)).Where(one => one.Address is null || !known.Contains(one.Address)));
        return found;
    }

    private static IEnumerable<FoundAddress> ReadPool(ClusterObject pool, List<DataNode> slices, ObjectContext context)
    {
        if (!Prefix.TryParse(pool.Spec["range"].Text, out var range))
        {
            yield return new FoundAddress { Where = pool.ToString(), Network = pool.Name, Flaw = $"its range is '{pool.Spec["range"].Text}', which is not in CIDR notation" };
            yield break;
        }
        foreach (var (offset, allocation) in pool.Spec["allocations"].Fields)
        {
            var found = new FoundAddress { Where = $"{pool} [{offset}]", Network = pool.Name };
            if (!UInt128.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var distance) || distance > range.Last.Value - range.First.Value)
            {
                yield return found with { Flaw = $"the offset lies outside of {range}" };
                continue;
            }
            var address = range.First with { Value = range.First.Value + distance };
            var (pod, node) = context.PodOf(allocation["podref"].Text);
            var container = allocation["id"].Text;
            yield return found with
            {
                Address = address,
                Owner = context.OwnerOf(container, allocation["ifname"].Text, pod),
                Pod = pod,
                Node = node ?? SliceOf(address, slices) ?? context.Node,
                Flaw = container.Length == 0 && pod is null ? "it names neither a container nor a pod" : null,
            };
        }
    }

    private static FoundAddress ReadReservation(ClusterObject reservation, ObjectContext context)
    {
        var found = new FoundAddress { Where = reservation.ToString(), Network = "reservations" };
        if (AddressIn(reservation.Name) is not { } address)
            return found with { Flaw = "its name is no address" };
        var (pod, node) = context.PodOf(reservation.Spec["podref"].Text);
        return found with
        {
            Address = address,
            Owner = context.OwnerOf(reservation.Spec["containerid"].Text, reservation.Spec["ifname"].Text, pod),
            Pod = pod,
            Node = node ?? context.Node,
            Flaw = pod is null ? "it names no pod" : null,
        };
    }

    /// <summary>Names are an address, or a network, a dash and an address. A colon is a dash in them, and a zero is put behind one at the end.</summary>
    private static Address? AddressIn(string name)
    {
        for (var start = 0; start >= 0 && start < name.Length; start = name.IndexOf('-', start) is >= 0 and var dash ? dash + 1 : -1)
        {
            if (Address.TryParse(name[start..], out var four))
                return four;
            if (Address.TryParse(name[start..].Replace('-', ':'), out var six))
                return six;
        }
        return null;
    }

    private static string? SliceOf(Address address, List<DataNode> slices) =>
        slices.Find(slice => Prefix.TryParse(slice["sliceRange"].Text, out var range) && range.Contains(address))?["nodeName"].Text is { Length: > 0 } node ? node : null;
}
