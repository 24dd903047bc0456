using Ipam.Core.Addresses;
using Ipam.Core.Leases;

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

    /// <summary>The lease in it.</summary>
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
