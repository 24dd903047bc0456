using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Sqlite;
using Ipam.Stores.Tests.Contract;
using Microsoft.Data.Sqlite;

namespace Ipam.Stores.Tests.Sqlite;

/// <summary>Short ways to do what most tests of the SQLite store do.</summary>
internal static class TestStores
{
    /// <summary>An open store in a file.</summary>
    public static async Task<SqliteStore> OpenAsync(string path, SqliteStoreOptions? options = null)
    {
        var store = new SqliteStore(path, options);
        await store.OpenAsync(default);
        return store;
    }

    /// <summary>Opens and closes a store, which must fail, and returns the message.</summary>
    public static async Task<string> MustNotOpenAsync(string path, SqliteStoreOptions? options = null)
    {
        await using var store = new SqliteStore(path, options);
        var message = (await Assert.ThrowsAsync<StoreException>(() => store.OpenAsync(default))).Message;
        Assert.Contains(path, message, StringComparison.Ordinal);
        return message;
    }

    /// <summary>Gives one address in a new block.</summary>
    public static async Task<Lease> GiveAsync(SqliteStore store, string address)
    {
        var lease = Some.Lease(address);
        var result = Assert.Single(await store.CommitAsync([Change.Give(Some.NoBlock(address), lease)], default));
        Assert.Equal(CommitStatus.Committed, result.Status);
        return lease;
    }

    /// <summary>All blocks of a store.</summary>
    public static async Task<List<Block>> ListAsync(SqliteStore store)
    {
        var blocks = new List<Block>();
        await foreach (var page in store.ListBlocksAsync(BlockFilter.All, default))
            blocks.AddRange(page);
        return blocks;
    }

    /// <summary>Runs SQL on a file, as a person with the sqlite3 shell would, and returns the rows' columns joined by a bar.</summary>
    public static List<string> Sql(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(column => reader.GetValue(column))));
        return rows;
    }
}
