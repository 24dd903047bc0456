using Ipam.Core.Blocks;
using Ipam.Core.Pools;

namespace Ipam.Core.Administration;

/// <summary>A reservation and the leases of its addresses.</summary>
/// <param name="Reservation">The reservation.</param>
/// <param name="Size">How many addresses it reserves.</param>
/// <param name="Held">Those of them that are held all the same.</param>
public sealed record ReservationStatus(Reservation Reservation, UInt128 Size, HeldAddresses Held)
{
    /// <summary>Looks which addresses are held, given the blocks of the reservation's space.</summary>
    public static ReservationStatus Of(Reservation reservation, IEnumerable<BlockSummary> blocks)
    {
        var addresses = AddressMask.Of(reservation.Space, reservation.Addresses);
        return new ReservationStatus(reservation, addresses.Size, new HeldAddresses(blocks, addresses.HeldOf));
    }
}
