using Microsoft.EntityFrameworkCore.Migrations;

namespace Ipam.Stores.Sqlite.Migrations;

/// <summary>All schema versions there have been. Once released a step never changes: files made by it are out there.</summary>
internal static class SchemaVersions
{
    /// <summary>The version that this program works with: as many as there are steps.</summary>
    public const int Newest = 4;

    /// <summary>The steps, oldest first: the first makes an empty file into version 1, the next that into version 2, and so on.</summary>
    public static IReadOnlyList<Migration> All { get; } = [new V1Blocks(), new V2Pools(), new V3Identity(), new V4Acceptance()];
}
