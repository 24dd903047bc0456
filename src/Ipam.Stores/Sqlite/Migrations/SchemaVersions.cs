namespace Ipam.Stores.Sqlite.Migrations;

/// <summary>All schema versions there have been.</summary>
internal static class SchemaVersions
{
    /// <summary>The steps, oldest first; the first makes an empty file into version 1.</summary>
    public static IReadOnlyList<Migration> All { get; } = [V1Blocks.Migration, V2Pools.Migration];

    /// <summary>The version that this program works with.</summary>
    public static int Newest => All[^1].Version;
}
