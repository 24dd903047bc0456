using System.Text;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Sqlite.Model;
using Ipam.Stores.Tests.Damage;
using Microsoft.Data.Sqlite;

namespace Ipam.Stores.Tests.Sqlite;

public sealed class SqliteDamageTests : IDisposable
{
    private const int Rounds = 22;
    private const int Wanted = 10_000;

    private static readonly string[] BlockColumns = ["space", "base", "node", "version", "last_sequence", "last_offset", "held", "resting"];

    private static readonly string[] LeaseColumns =
    [
        "space", "address", "network", "container_id", "interface", "entry", "sequence", "node", "pod_namespace", "pod_name", "pod_uid", "netns", "acquired_at", "cooldown",
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Whatever_is_spoiled_in_the_file_the_rest_is_served_and_no_address_has_two_owners()
    {
        var (spoiled, damaged) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var path = _folder.Combine($"{round}.db");
            var game = new DamageGame(async () => await TestStores.OpenAsync(path), (random, blocks) => Spoil(path, random, blocks));
            var counts = await game.PlayAsync(round);
            (spoiled, damaged) = (spoiled + counts.Spoiled, damaged + counts.Damaged);
        }
        Assert.True(spoiled >= Wanted, $"only {spoiled} objects could be spoiled");
        Assert.True(damaged > Wanted / 4, $"only {damaged} blocks were found damaged");
    }

    [Theory]
    [InlineData("UPDATE leases SET cooldown = 1099511627776 WHERE address = x'040A000001'", "a cooldown of 1099511627776 s")]
    [InlineData("UPDATE leases SET acquired_at = 9223372036854775807 WHERE address = x'040A000001'", "9223372036854775807 is no time")]
    [InlineData("DELETE FROM leases WHERE address = x'040A000001'", "are held, and has leases of")]
    [InlineData("DELETE FROM blocks WHERE base = x'040A000000'", "the table blocks doesn't have it")]
    [InlineData("UPDATE blocks SET resting = x'05' WHERE base = x'040A000000'", "is no list of cooling addresses")]
    [InlineData("UPDATE blocks SET held = 0 WHERE base = x'040A000000'", "are held, and has leases of")]
    public async Task A_row_that_cant_be_read_is_a_damaged_block_and_the_others_are_read(string edit, string why)
    {
        var path = _folder.Combine("ipam.db");
        await using var store = await TestStores.OpenAsync(path);
        await TestStores.GiveAsync(store, "10.0.0.1");
        var other = await TestStores.GiveAsync(store, "10.0.1.1");
        TestStores.Sql(path, edit);

        var found = await store.ReadBlocksAsync([BlockId.Of("default", Core.Addresses.Address.Parse("10.0.0.1")), BlockId.Of("default", other.Address)], default);
        Assert.Equal([other], Assert.Single(found).Leases);
        var damaged = Assert.Single(found.Damaged);
        Assert.Equal("default 10.0.0.0/26", damaged.Id.ToString());
        Assert.Contains(why, damaged.Why, StringComparison.Ordinal);
        Assert.Equal([other], (await TestStores.ListAsync(store)).SelectMany(static block => block.Leases));
    }

    [Fact]
    public async Task A_pool_and_a_reservation_that_cant_be_read_are_named_and_the_others_are_read()
    {
        var path = _folder.Combine("ipam.db");
        await using var store = await TestStores.OpenAsync(path);
        await new DamageGame(async () => await TestStores.OpenAsync(path), (_, _) => 0).PlayAsync(1);
        TestStores.Sql(path, "UPDATE pools SET document = '{\"space\":7}' WHERE name = 'pool-3'");
        TestStores.Sql(path, "UPDATE reservations SET document = '{\"addresses\":[\"10.99.0.1\",\"nonsense\"]}' WHERE name = 'reservation-4'");
        TestStores.Sql(path, "UPDATE reservations SET document = 'nonsense' WHERE name = 'reservation-5'");

        var catalog = await store.Pools.ReadAsync(default);
        Assert.Equal(9, catalog.Pools.Count);
        Assert.Equal(["pool-3", "reservation-4", "reservation-5"], catalog.Damaged.Select(static entry => entry.Name));
        Assert.Contains("the pool \"pool-3\" in SQLite store", catalog.Damaged[0].Why, StringComparison.Ordinal);
        // What can be read of a damaged reservation is reserved.
        Assert.Equal("10.99.0.1", Assert.Single(catalog.FindReservation("reservation-4")!.Addresses).ToString());
        Assert.Null(catalog.FindReservation("reservation-5"));
    }

    private static int Spoil(string path, Random random, IReadOnlyList<Block> blocks)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        Execute(connection, "PRAGMA ignore_check_constraints = ON; PRAGMA synchronous = OFF; BEGIN");
        var spoiled = 0;
        foreach (var block in blocks)
            spoiled += Spoil(connection, random, block);
        for (var i = 0; i < 10; i++)
        {
            var table = random.Next(2) == 0 ? "pools" : "reservations";
            spoiled += Update(connection, random, table, random.Next(4) == 0 ? "created_at" : "document", "name = $key", $"{table[..^1]}-{i}");
        }
        Execute(connection, "COMMIT");
        return spoiled;
    }

    private static int Spoil(SqliteConnection connection, Random random, Block block)
    {
        var first = AddressBytes.Of(block.Id.AddressAt(0));
        var lease = AddressBytes.Of(block.Leases[random.Next(block.Leases.Count)].Address);
        return random.Next(10) switch
        {
            0 => Execute(connection, "DELETE FROM blocks WHERE base = $key", first),
            1 => Execute(connection, "DELETE FROM leases WHERE address = $key", lease),
            2 => Execute(connection, "INSERT INTO leases SELECT space, $value, network, container_id, interface, entry + 1, sequence, node, pod_namespace, pod_name, pod_uid, netns, acquired_at, cooldown FROM leases WHERE address = $key",
                lease, AddressBytes.Of(block.Id.AddressAt(random.Next(64)))),
            < 6 => Update(connection, random, "blocks", BlockColumns[random.Next(BlockColumns.Length)], "base = $key", first),
            _ => Update(connection, random, "leases", LeaseColumns[random.Next(LeaseColumns.Length)], "address = $key", lease),
        };
    }

    private static int Update(SqliteConnection connection, Random random, string table, string column, string where, object key)
    {
        object[] values =
        [
            0L, -1L, 1L, 64L, long.MaxValue, long.MinValue, 1L << 40, 1L << 53, random.NextInt64(), "", "x", "\0", "{}", "{\"space\":[]}", "nonsense", new string('y', 20_000),
            Array.Empty<byte>(), new byte[] { 4, 10, 0, 0, 1 }, new byte[] { 5, 0, 0, 0, 0 }, Garbage(random, 5), Garbage(random, 17), Garbage(random, 9), Garbage(random, 100), DBNull.Value,
        ];
        // Types that the table doesn't take are refused, so that another value is tried.
        for (var tries = 0; tries < 30; tries++)
        {
            var value = values[random.Next(values.Length)];
            // The store comes to it in the course of the game, and the block is whole again then.
            if (column == "version" && value is 64L)
                continue;
            var expression = value is byte[] && random.Next(2) == 0 ? "CAST($value AS TEXT)" : "$value";
            if (Execute(connection, $"UPDATE OR IGNORE {table} SET {column} = {expression} WHERE {where} AND {column} IS NOT {expression}", key, value) > 0)
                return 1;
        }
        return 0;
    }

    private static byte[] Garbage(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static int Execute(SqliteConnection connection, string sql, object? key = null, object? value = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        if (key is not null)
            command.Parameters.AddWithValue("$key", key);
        if (value is not null)
            command.Parameters.AddWithValue("$value", value);
        try
        {
            return Math.Min(1, command.ExecuteNonQuery());
        }
        catch (SqliteException)
        {
            return 0;
        }
    }
}
