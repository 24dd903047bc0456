using Ipam.Core.Addresses;
using Ipam.Core.Pools;

namespace Ipam.Service.Configuration;

/// <summary>
/// A range as it was read. It becomes a range once the gateways of all the others are known: it must not hand out those, either.
/// </summary>
internal sealed record RangeDraft(Prefix Subnet, AddressRange Bounds, Address? Gateway, IReadOnlyList<AddressRange> Excluded)
{
    public AllocationRange Without(IEnumerable<AddressRange> gateways) => new(Subnet, Bounds, Gateway, [.. Excluded, .. gateways]);

    public override string ToString() => Bounds.ToString();
}
