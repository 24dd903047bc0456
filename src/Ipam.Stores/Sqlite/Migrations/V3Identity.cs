using Ipam.Stores.Sqlite.Model;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Ipam.Stores.Sqlite.Migrations;

/// <summary>Version 3: which data these are.</summary>
[DbContext(typeof(IpamContext)), Migration("0003_Identity")]
internal sealed class V3Identity : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        -- identity: random; a file that was created anew has another one.
        ALTER TABLE store ADD COLUMN identity TEXT NOT NULL DEFAULT '';
        UPDATE store SET identity = lower(hex(randomblob(16)));
        """);
}
