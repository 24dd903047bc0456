using Ipam.Stores.Sqlite.Model;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Ipam.Stores.Sqlite.Migrations;

/// <summary>Version 4: whether an admin accepted that data were lost.</summary>
[DbContext(typeof(IpamContext)), Migration("0004_Acceptance")]
internal sealed class V4Acceptance : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        -- accepted: the identity before which an admin accepted a loss.
        ALTER TABLE store ADD COLUMN accepted TEXT NOT NULL DEFAULT '';
        """);
}
