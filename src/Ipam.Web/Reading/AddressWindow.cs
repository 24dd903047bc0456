using Ipam.Core.Addresses;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;

namespace Ipam.Web.Reading;

/// <summary>Some addresses that follow each other: what each is, who has it, and why it isn't available.</summary>
internal sealed class AddressWindow
{
    private readonly string _space;
    private readonly DateTimeOffset _now;
    private readonly PoolCatalog _catalog;
    private readonly IReadOnlyList<Pool> _pools;
    private readonly AddressMap _map;
    private readonly Found<Block> _blocks;

    public AddressWindow(string space, AddressRange addresses, IReadOnlyList<Pool> pools, PoolCatalog catalog, Found<Block> blocks, DateTimeOffset now)
    {
        (_space, _now, _catalog, _pools, _blocks) = (space, now, catalog, pools, blocks);
        _map = AddressMap.Of(space, [addresses], pools, catalog, blocks, now);
    }

    /// <summary>The addresses, in order.</summary>
    public IEnumerable<AddressFacts> All()
    {
        foreach (var run in _map.RunsOf(_map.Spans[0]))
        {
            for (var value = run.Addresses.First.Value; ; value++)
            {
                yield return FactsOf(run.Addresses.First with { Value = value }, run.State);
                if (value == run.Addresses.Last.Value)
                    break;
            }
        }
    }

    private AddressFacts FactsOf(Address address, AddressState state)
    {
        var id = BlockId.Of(_space, address);
        var block = _blocks.FirstOrDefault(block => block.Id == id);
        var offset = BlockId.OffsetOf(address);
        var cooling = block?.EndCooldowns(_now).Cooling.Where(cooling => cooling.Offset == offset).Select(static cooling => (DateTimeOffset?)cooling.Until).FirstOrDefault();
        return new AddressFacts(address, state, block?.LeaseOf(address), block?.Node) { Now = _now, CoolingUntil = cooling, Cause = CauseOf(address, id, state) };
    }

    /// <summary>What keeps the address from being handed out, other than who has it.</summary>
    private string CauseOf(Address address, BlockId id, AddressState state) => state switch
    {
        AddressState.Reserved or AddressState.ReservedHeld => string.Join("; ", _catalog.Reservations
            .Where(reservation => reservation.Space == _space && reservation.Addresses.Any(range => range.Contains(address)))
            .Select(static reservation => reservation.Reason.Length == 0 ? reservation.Name : $"{reservation.Name}, {reservation.Reason}")),
        AddressState.Masked or AddressState.Outside => _pools.SelectMany(static pool => pool.Ranges.Select(range => (pool, range)))
            .Where(pair => pair.pool.Space == _space && pair.range.Subnet.Contains(address))
            .Select(pair => Mask(pair.pool, pair.range, address)).FirstOrDefault(static text => text.Length > 0) ?? "",
        AddressState.Damaged => _blocks.Damaged.FirstOrDefault(damage => damage.Id == id)?.Why ?? "",
        _ => "",
    };

    private static string Mask(Pool pool, PoolRange range, Address address) =>
        range.GatewayOrDefault == address ? $"gateway of pool {pool.Name}"
        : SubnetDefaults.NeverHandedOut(range.Subnet).Any(never => never.Contains(address)) ? $"network or broadcast address of {range.Subnet}"
        : range.Excluded.Any(excluded => excluded.Contains(address)) ? $"excluded from pool {pool.Name}"
        : range.SkipEdges ? $"pool {pool.Name} leaves out the .0 and .255 of each /24"
        : "";
}
