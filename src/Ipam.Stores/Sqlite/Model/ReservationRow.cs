namespace Ipam.Stores.Sqlite.Model;

/// <summary>A row of the table <c>reservations</c>.</summary>
internal sealed class ReservationRow : CatalogRow;
