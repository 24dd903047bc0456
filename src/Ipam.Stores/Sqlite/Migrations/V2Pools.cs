using Ipam.Stores.Sqlite.Model;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Ipam.Stores.Sqlite.Migrations;

/// <summary>Version 2: how full a block is and what cools down in it, pools, reservations, leadership.</summary>
[DbContext(typeof(IpamContext)), Migration("0002_Pools")]
internal sealed class V2Pools : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql($"""
        -- held: one bit per lease of the block, bit 63 being the sign. resting: 9 bytes for each address that cools down.
        ALTER TABLE blocks ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE blocks ADD COLUMN resting BLOB NOT NULL DEFAULT x'';
        UPDATE blocks SET held = found.held FROM (
            SELECT space, {Head("address")} AS head, {LastByte("address")} & 192 AS base, sum(1 << ({LastByte("address")} & 63)) AS held
            FROM leases GROUP BY 1, 2, 3) AS found
        WHERE found.space = blocks.space AND found.head = {Head("blocks.base")} AND found.base = {LastByte("blocks.base")};

        -- cooldown: seconds that the address cools down after its release.
        ALTER TABLE leases ADD COLUMN cooldown INTEGER NOT NULL DEFAULT 0;

        -- catalog: grows with every change of a pool or a reservation, and is the version of the one changed.
        ALTER TABLE store ADD COLUMN catalog INTEGER NOT NULL DEFAULT 0;

        CREATE TABLE pools (
            name TEXT NOT NULL PRIMARY KEY,
            version INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            document TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE reservations (
            name TEXT NOT NULL PRIMARY KEY,
            version INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            document TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        -- until: milliseconds since 1970-01-01 UTC.
        CREATE TABLE leadership (
            role TEXT NOT NULL PRIMARY KEY,
            holder TEXT NOT NULL,
            until INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """);

    private static string Head(string column) => $"substr({column}, 1, length({column}) - 1)";

    private static string LastByte(string column) => $"({Digit(column, -2)} * 16 + {Digit(column, -1)})";

    private static string Digit(string column, int index) => $"(instr('0123456789ABCDEF', substr(hex({column}), {index}, 1)) - 1)";
}
