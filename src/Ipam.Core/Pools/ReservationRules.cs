namespace Ipam.Core.Pools;

/// <summary>What a reservation must be, whoever writes it.</summary>
public static class ReservationRules
{
    /// <summary>The first thing that is wrong with <paramref name="reservation"/>: what was found and what is wanted; null if nothing is.</summary>
    public static string? Check(Reservation reservation) =>
        NameRules.CheckName("reservation", reservation.Name)
        ?? NameRules.CheckSpace(reservation.Space)
        ?? (reservation.Addresses.Count == 0
            ? "the reservation has no address; give at least one, such as \"10.1.0.5\", \"10.1.0.5-10.1.0.9\" or \"10.1.0.0/28\""
            : null);
}
