namespace Ipam.Stores.Sqlite.Migrations;

/// <summary>One step of the schema forward. Once released it never changes: files made by it are out there.</summary>
/// <param name="Version">The schema version that it leads to, from the one before.</param>
/// <param name="Sql">The statements, run in one transaction.</param>
internal sealed record Migration(int Version, string Sql);
