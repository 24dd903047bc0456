namespace Ipam.Stores.Sqlite.Model;

/// <summary>A row of the table <c>pools</c>.</summary>
internal sealed class PoolRow : CatalogRow;
