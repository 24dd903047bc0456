using Ipam.Stores.Sqlite.Model;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Ipam.Stores.Sqlite.Migrations;

/// <summary>Version 1: blocks and leases.</summary>
[DbContext(typeof(IpamContext)), Migration("0001_Blocks")]
internal sealed class V1Blocks : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql($"""
        -- One row. The revision grows with every commit and is the version of each block the commit changed.
        CREATE TABLE store (
            id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
            revision INTEGER NOT NULL
        ) STRICT;
        INSERT INTO store (id, revision) VALUES (1, 0);

        -- base: the first of 64 addresses. Addresses are a byte 4 or 6, then 4 or 16 bytes in network order; the views show them as text.
        CREATE TABLE blocks (
            space TEXT NOT NULL,
            base BLOB NOT NULL CHECK (length(base) IN (5, 17)),
            node TEXT,
            version INTEGER NOT NULL,
            last_sequence INTEGER NOT NULL,
            last_offset INTEGER NOT NULL,
            PRIMARY KEY (space, base)
        ) STRICT, WITHOUT ROWID;

        -- acquired_at: units of 100 ns since 1970-01-01 UTC. The pod's columns are null together.
        CREATE TABLE leases (
            space TEXT NOT NULL,
            address BLOB NOT NULL CHECK (length(address) IN (5, 17)),
            network TEXT NOT NULL,
            container_id TEXT NOT NULL,
            interface TEXT NOT NULL,
            entry INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            node TEXT NOT NULL,
            pod_namespace TEXT,
            pod_name TEXT,
            pod_uid TEXT,
            netns TEXT NOT NULL,
            acquired_at INTEGER NOT NULL,
            PRIMARY KEY (space, address)
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX leases_owner ON leases (network, container_id, interface, entry);

        CREATE VIEW block_view AS
            SELECT space, {Text("base")} AS first_address, node, version, last_sequence, last_offset FROM blocks;
        CREATE VIEW lease_view AS
            SELECT space, {Text("address")} AS address, network, container_id, interface, entry, sequence, node,
                pod_namespace, pod_name, pod_uid, netns, datetime(acquired_at / 10000000, 'unixepoch') AS acquired_at
            FROM leases;
        """);

    /// <summary>Dotted quad, or IPv6 with all its zeros, of a column.</summary>
    private static string Text(string column) =>
        $"CASE length({column}) WHEN 5 THEN {string.Join(" || '.' || ", Enumerable.Range(1, 4).Select(i => Number(column, i)))} "
        + $"ELSE lower({string.Join(" || ':' || ", Enumerable.Range(0, 8).Select(i => $"hex(substr({column}, {2 + 2 * i}, 2))"))}) END";

    private static string Number(string column, int index) => $"({Digit(column, 2 * index + 1)} * 16 + {Digit(column, 2 * index + 2)})";

    private static string Digit(string column, int index) => $"(instr('0123456789ABCDEF', substr(hex({column}), {index}, 1)) - 1)";
}
