using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Sqlite.Files;
using Ipam.Stores.Sqlite.Migrations;
using Ipam.Stores.Sqlite.Model;
using Ipam.Stores.Tests.Contract;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace Ipam.Stores.Tests.Sqlite;

/// <summary>The schema and its versions.</summary>
public sealed class SqliteMigrationTests : IDisposable
{
    private const string AddColour = "ALTER TABLE blocks ADD COLUMN colour TEXT NOT NULL DEFAULT 'red'";

    private readonly TempFolder _folder = new();

    private string Path => _folder.Combine("ipam.db");

    private ConnectionSource Source => new(new DatabaseFile(Path), TimeSpan.FromSeconds(10));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_of_schema_version_1_is_read_by_this_program()
    {
        TestStores.Sql(Path, GoldenFile.V1);

        await using var store = await TestStores.OpenAsync(Path);

        var block = Assert.Single(await TestStores.ListAsync(store));
        Assert.Equal((7, 1_700_000_000_000_001, 1, "node-a"), (block.Version, block.LastSequence, block.LastOffset, block.Node));
        Assert.Equal([GoldenFile.Lease], block.Leases);
        Assert.Equal([GoldenFile.Lease], await store.FindLeasesAsync(GoldenFile.Lease.Owner, null, default));
        Assert.Equal([block.Summary], await store.ListSummariesAsync(BlockFilter.All, default));
        Assert.Empty(block.Cooling);
        var next = Assert.Single(await store.CommitAsync([Change.Give(block, Some.Lease("10.0.0.2"))], default));
        Assert.Equal(8, next.Version);
    }

    [Fact]
    public async Task How_full_each_block_of_a_version_1_file_is_is_counted_when_it_is_upgraded()
    {
        TestStores.Sql(Path, GoldenFile.V1Edges);

        await using var store = await TestStores.OpenAsync(Path);

        var blocks = await TestStores.ListAsync(store);
        Assert.Equal([0, 2, 1, 1, 2, 1], blocks.Select(block => block.Leases.Count));
        Assert.Equal(blocks.Select(static block => block.Summary).ToHashSet(), (await store.ListSummariesAsync(BlockFilter.All, default)).ToHashSet());
        Assert.Empty((await store.Pools.ReadAsync(default)).Pools);
        Assert.Null(await store.Leaders.FindAsync("gc", default));
    }

    [Fact]
    public async Task A_file_of_schema_version_2_is_read_by_this_program()
    {
        TestStores.Sql(Path, GoldenFile.V2);

        await using var store = await TestStores.OpenAsync(Path);

        var block = Assert.Single(await TestStores.ListAsync(store));
        Assert.Equal([GoldenFile.Lease], block.Leases);
        Assert.Equal([new CoolingAddress(63, DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_001))], block.Cooling);
        var catalog = await store.Pools.ReadAsync(default);
        var (pool, reservation) = (Assert.Single(catalog.Pools), Assert.Single(catalog.Reservations));
        Assert.Equal((2, 1, 2), (catalog.Revision, pool.Version, reservation.Version));
        Assert.Equal(("blue", "10.0.0.0/16", "10.0.0.9", 60), (
            pool.Name, pool.Ranges[0].Subnet.ToString(), pool.Ranges[0].Excluded[0].ToString(), pool.Policy.Cooldown.TotalSeconds));
        Assert.Equal(("printers", "10.0.0.5-10.0.0.6", "old"), (reservation.Name, reservation.Addresses[0].ToString(), reservation.Reason));
        Assert.True(await store.Pools.DeleteAsync(pool, default));
        // An older program's rows are its own.
        Assert.NotNull(await store.Leaders.PutAsync("gc", new LeaderRecord("b", TimeSpan.FromSeconds(15), default, default, 0), default));
    }

    [Fact]
    public async Task A_pool_that_somebody_spoiled_by_hand_is_damaged_and_says_why()
    {
        TestStores.Sql(Path, GoldenFile.V2);
        await using var store = await TestStores.OpenAsync(Path);
        TestStores.Sql(Path, "UPDATE pools SET document = '{\"rages\":[]}'");

        Assert.Contains("did you mean \"ranges\"", Assert.Single((await store.Pools.ReadAsync(default)).Damaged).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_file_has_the_newest_schema_version_and_our_name_on_it()
    {
        await using var store = await TestStores.OpenAsync(Path);

        Assert.Equal([$"{SchemaVersions.Newest}"], TestStores.Sql(Path, "PRAGMA user_version"));
        Assert.Equal([$"{SchemaVersion.ApplicationId}"], TestStores.Sql(Path, "PRAGMA application_id"));
    }

    [Fact]
    public async Task A_file_of_a_newer_program_is_refused_with_both_versions_and_left_alone()
    {
        await using (await TestStores.OpenAsync(Path))
            TestStores.Sql(Path, "PRAGMA user_version = 999");
        var before = await File.ReadAllBytesAsync(Path);

        var message = await TestStores.MustNotOpenAsync(Path);

        Assert.Contains($"schema version 999, and the newest that this program knows is {SchemaVersions.Newest}", message, StringComparison.Ordinal);
        Assert.Contains("Upgrade this program", message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(Path));
    }

    [Fact]
    public async Task A_further_step_is_taken_once_and_keeps_what_is_there()
    {
        await using (var store = await TestStores.OpenAsync(Path))
            await TestStores.GiveAsync(store, "10.0.0.1");

        for (var i = 0; i < 2; i++)
            new Migrator(Source, [.. SchemaVersions.All, new Step(AddColour)]).Migrate();

        Assert.Equal(["10.0.0.1"], TestStores.Sql(Path, "SELECT address FROM lease_view"));
        Assert.Equal(["red"], TestStores.Sql(Path, "SELECT colour FROM blocks"));
        Assert.Equal([$"{SchemaVersions.Newest + 1}"], TestStores.Sql(Path, "PRAGMA user_version"));
    }

    [Fact]
    public async Task A_step_that_fails_leaves_the_file_as_it_was()
    {
        await using (await TestStores.OpenAsync(Path))
        {
            var broken = new Step(AddColour + "; CREATE TABLE blocks (c)");

            Assert.Throws<SqliteException>(() => new Migrator(Source, [.. SchemaVersions.All, broken]).Migrate());

            Assert.Equal([$"{SchemaVersions.Newest}"], TestStores.Sql(Path, "PRAGMA user_version"));
            Assert.DoesNotContain("colour", TestStores.Sql(Path, "SELECT name FROM pragma_table_info('blocks')"));
        }
    }

    [Fact]
    public async Task Many_who_open_a_new_file_at_once_all_succeed()
    {
        for (var round = 0; round < 5; round++)
        {
            var path = _folder.Combine($"{round}.db");
            var stores = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => TestStores.OpenAsync(path))));

            for (var i = 0; i < stores.Length; i++)
                await TestStores.GiveAsync(stores[i], $"10.0.{i}.1");
            foreach (var store in stores)
            {
                Assert.Equal(stores.Length, (await TestStores.ListAsync(store)).Count);
                await store.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task The_views_show_addresses_and_times_as_text()
    {
        await using var store = await TestStores.OpenAsync(Path);
        await TestStores.GiveAsync(store, "10.200.0.255");
        await TestStores.GiveAsync(store, "fd00:0:9::ab:cdef");

        Assert.Equal(
            ["10.200.0.255|2026-11-22 13:14:15", "fd00:0000:0009:0000:0000:0000:00ab:cdef|2026-11-22 13:14:15"],
            TestStores.Sql(Path, "SELECT address, acquired_at FROM lease_view"));
        Assert.Equal(["10.200.0.192", "fd00:0000:0009:0000:0000:0000:00ab:cdc0"], TestStores.Sql(Path, "SELECT first_address FROM block_view"));
    }

    [Fact]
    public async Task The_model_and_the_migrations_describe_the_same_tables()
    {
        await using var store = await TestStores.OpenAsync(Path);
        using var connection = Source.Open(readOnly: true);
        using var context = IpamContext.Over(connection);

        Assert.Equal(["blocks", "leadership", "leases", "pools", "reservations", "store"], context.Model.GetEntityTypes().Select(entity => entity.GetTableName()).Order());
        foreach (var entity in context.Model.GetEntityTypes())
        {
            Assert.Equal(
                entity.GetProperties().Select(Describe).Order(),
                TestStores.Sql(Path, $"SELECT name, type, \"notnull\", pk FROM pragma_table_info('{entity.GetTableName()}')").Order());
            Assert.Equal(
                entity.GetIndexes().Select(index => $"{index.GetDatabaseName()}|{string.Join(',', index.Properties.Select(p => p.GetColumnName()))}"),
                TestStores.Sql(Path, $"""
                    SELECT i.name, group_concat(c.name) FROM pragma_index_list('{entity.GetTableName()}') i, pragma_index_info(i.name) c
                    WHERE i.origin = 'c' AND i."unique" GROUP BY i.name
                    """));
        }

        static string Describe(IProperty property)
        {
            var key = property.FindContainingPrimaryKey()?.Properties.ToList().IndexOf(property) + 1 ?? 0;
            return $"{property.GetColumnName()}|{property.GetColumnType()}|{(property.IsNullable ? 0 : 1)}|{key}";
        }
    }

    [Fact]
    public async Task The_model_refuses_to_save_a_block_that_changed_meanwhile()
    {
        await using var store = await TestStores.OpenAsync(Path);
        var lease = await TestStores.GiveAsync(store, "10.0.0.1");
        using var connection = Source.Open(readOnly: false);
        using var context = IpamContext.Over(connection);
        var row = await context.Blocks.AsTracking().SingleAsync(block => block.Base <= lease.Address);
        Assert.Equal(Address.Parse("10.0.0.0"), row.Base);

        TestStores.Sql(Path, "UPDATE blocks SET version = version + 1");
        row.LastOffset = 9;

        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => context.SaveChangesAsync());
    }

    [Fact]
    public void Every_step_is_SQL_and_known_to_EF_Core_by_its_number()
    {
        for (var i = 0; i < SchemaVersions.All.Count; i++)
        {
            var step = SchemaVersions.All[i];
            Assert.All(step.UpOperations, static operation => Assert.IsType<SqlOperation>(operation));
            var attribute = Assert.Single(step.GetType().GetCustomAttributes(typeof(MigrationAttribute), inherit: false));
            Assert.StartsWith($"{i + 1:0000}_", ((MigrationAttribute)attribute).Id, StringComparison.Ordinal);
        }
    }

    private sealed class Step(string sql) : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(sql);
    }
}
