namespace Ipam.Stores.Sqlite.Model;

/// <summary>A row of <c>pools</c> or <c>reservations</c>.</summary>
internal abstract class CatalogRow
{
    /// <summary>The name.</summary>
    public string Name { get; init; } = "";

    /// <summary>The catalog's revision at the last change.</summary>
    public long Version { get; set; }

    /// <summary>When it was created, in 100 ns since the Unix epoch.</summary>
    public long CreatedAt { get; init; }

    /// <summary>The rest of it, as JSON.</summary>
    public string Document { get; set; } = "";
}

/// <summary>A row of the table <c>pools</c>.</summary>
internal sealed class PoolRow : CatalogRow;

/// <summary>A row of the table <c>reservations</c>.</summary>
internal sealed class ReservationRow : CatalogRow;
