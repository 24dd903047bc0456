using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Stores.Tests.Sqlite;

/// <summary>Files as former versions of the program wrote them. Never edited: what they stand for is out there.</summary>
internal static class GoldenFile
{
    /// <summary>Schema version 1, with one block and one lease.</summary>
    public const string V1 = """
        CREATE TABLE store (id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL) STRICT;
        INSERT INTO store (id, revision) VALUES (1, 7);
        CREATE TABLE blocks (
            space TEXT NOT NULL, base BLOB NOT NULL CHECK (length(base) IN (5, 17)), node TEXT, version INTEGER NOT NULL,
            last_sequence INTEGER NOT NULL, last_offset INTEGER NOT NULL, PRIMARY KEY (space, base)) STRICT, WITHOUT ROWID;
        CREATE TABLE leases (
            space TEXT NOT NULL, address BLOB NOT NULL CHECK (length(address) IN (5, 17)), network TEXT NOT NULL, container_id TEXT NOT NULL,
            interface TEXT NOT NULL, entry INTEGER NOT NULL, sequence INTEGER NOT NULL, node TEXT NOT NULL, pod_namespace TEXT, pod_name TEXT,
            pod_uid TEXT, netns TEXT NOT NULL, acquired_at INTEGER NOT NULL, PRIMARY KEY (space, address)) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX leases_owner ON leases (network, container_id, interface, entry);
        CREATE VIEW block_view AS SELECT space, hex(base) AS first_address, node, version, last_sequence, last_offset FROM blocks;
        CREATE VIEW lease_view AS SELECT space, hex(address) AS address, network, container_id FROM leases;
        INSERT INTO blocks VALUES ('default', x'040A000000', 'node-a', 7, 1700000000000001, 1);
        INSERT INTO leases VALUES ('default', x'040A000001', 'pods', 'c1', 'eth0', 0, 1700000000000001, 'node-a',
            'shop', 'web-0', 'uid-1', '/var/run/netns/x', 17953232556780001);
        PRAGMA application_id = 1229996365;
        PRAGMA user_version = 1;
        PRAGMA journal_mode = WAL;
        """;

    /// <summary>Schema version 1, with leases at the ends of neighbouring blocks, of both families and two spaces.</summary>
    public const string V1Edges = V1 + """

        DELETE FROM leases;
        DELETE FROM blocks;
        INSERT INTO blocks VALUES ('default', x'040A000000', NULL, 7, 1, 1), ('default', x'040A000040', NULL, 7, 1, 1),
            ('default', x'040A0000C0', NULL, 7, 1, 1), ('red', x'040A000000', NULL, 7, 1, 1),
            ('default', x'06FD000000000000000000000000000040', NULL, 7, 1, 1), ('default', x'0400000000', NULL, 7, 1, 1);
        INSERT INTO leases VALUES
            ('default', x'040A000000', 'pods', '1', 'eth0', 0, 1, 'n', NULL, NULL, NULL, '', 0),
            ('default', x'040A00003F', 'pods', '2', 'eth0', 0, 1, 'n', NULL, NULL, NULL, '', 0),
            ('default', x'040A000040', 'pods', '3', 'eth0', 0, 1, 'n', NULL, NULL, NULL, '', 0),
            ('default', x'040A0000FF', 'pods', '4', 'eth0', 0, 1, 'n', NULL, NULL, NULL, '', 0),
            ('red', x'040A000001', 'pods', '5', 'eth0', 0, 1, 'n', NULL, NULL, NULL, '', 0),
            ('default', x'06FD00000000000000000000000000007F', 'pods', '6', 'eth0', 0, 1, 'n', NULL, NULL, NULL, '', 0),
            ('default', x'06FD000000000000000000000000000041', 'pods', '7', 'eth0', 0, 1, 'n', NULL, NULL, NULL, '', 0);
        """;

    /// <summary>Schema version 2, with one block that has the lease of <see cref="V1"/> and an address that rests, a pool and a reservation.</summary>
    public const string V2 = """
        CREATE TABLE store (id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL, catalog INTEGER NOT NULL DEFAULT 0) STRICT;
        INSERT INTO store (id, revision, catalog) VALUES (1, 7, 2);
        CREATE TABLE blocks (
            space TEXT NOT NULL, base BLOB NOT NULL CHECK (length(base) IN (5, 17)), node TEXT, version INTEGER NOT NULL,
            last_sequence INTEGER NOT NULL, last_offset INTEGER NOT NULL, held INTEGER NOT NULL DEFAULT 0, resting BLOB NOT NULL DEFAULT x'',
            PRIMARY KEY (space, base)) STRICT, WITHOUT ROWID;
        CREATE TABLE leases (
            space TEXT NOT NULL, address BLOB NOT NULL CHECK (length(address) IN (5, 17)), network TEXT NOT NULL, container_id TEXT NOT NULL,
            interface TEXT NOT NULL, entry INTEGER NOT NULL, sequence INTEGER NOT NULL, node TEXT NOT NULL, pod_namespace TEXT, pod_name TEXT,
            pod_uid TEXT, netns TEXT NOT NULL, acquired_at INTEGER NOT NULL, cooldown INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (space, address)) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX leases_owner ON leases (network, container_id, interface, entry);
        CREATE TABLE pools (name TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, created_at INTEGER NOT NULL, document TEXT NOT NULL)
            STRICT, WITHOUT ROWID;
        CREATE TABLE reservations (name TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, created_at INTEGER NOT NULL, document TEXT NOT NULL)
            STRICT, WITHOUT ROWID;
        CREATE TABLE leadership (role TEXT NOT NULL PRIMARY KEY, holder TEXT NOT NULL, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        INSERT INTO blocks VALUES ('default', x'040A000000', 'node-a', 7, 1700000000000001, 1, 2, x'3F0000018BCFE56801');
        INSERT INTO leases VALUES ('default', x'040A000001', 'pods', 'c1', 'eth0', 0, 1700000000000001, 'node-a',
            'shop', 'web-0', 'uid-1', '/var/run/netns/x', 17953232556780001, 0);
        INSERT INTO pools VALUES ('blue', 1, 17953232556780001, '{"space":"default","ranges":[{"subnet":"10.0.0.0/16","exclude":["10.0.0.9"]}],"cooldownSeconds":60}');
        INSERT INTO reservations VALUES ('printers', 2, 17953232556780001, '{"space":"default","addresses":["10.0.0.5-10.0.0.6"],"reason":"old"}');
        INSERT INTO leadership VALUES ('gc', 'a', 99999999999999);
        PRAGMA application_id = 1229996365;
        PRAGMA user_version = 2;
        PRAGMA journal_mode = WAL;
        """;

    /// <summary>The lease in <see cref="V1"/> and <see cref="V2"/>.</summary>
    public static Lease Lease { get; } = new()
    {
        Space = "default",
        Address = Address.Parse("10.0.0.1"),
        Owner = new Owner("pods", "c1", "eth0"),
        Entry = 0,
        Sequence = 1_700_000_000_000_001,
        Node = "node-a",
        Pod = new PodReference("shop", "web-0", "uid-1"),
        NetworkNamespace = "/var/run/netns/x",
        AcquiredAt = DateTimeOffset.UnixEpoch.AddTicks(17_953_232_556_780_001),
    };
}
