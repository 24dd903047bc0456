using Ipam.Stores.Text;
using Microsoft.Data.Sqlite;

namespace Ipam.Stores.Sqlite.Reading;

/// <summary>All reading, over a connection of its own. Not for several threads at once.</summary>
internal sealed class Reader : IDisposable
{
    private readonly SqliteConnection _connection;

    /// <summary>A reader over an open connection, which is its own from now on.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="path">The file, for messages.</param>
    public Reader(SqliteConnection connection, string path)
    {
        _connection = connection;
        var strings = new StringPool();
        Leases = new LeaseReader(connection, strings, path);
        Blocks = new BlockReader(connection, Leases, strings, path);
        Catalog = new CatalogReader(connection, path);
    }

    /// <summary>Reads leases.</summary>
    public LeaseReader Leases { get; }

    /// <summary>Reads blocks with their leases.</summary>
    public BlockReader Blocks { get; }

    /// <summary>Reads pools and reservations.</summary>
    public CatalogReader Catalog { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Leases.Dispose();
        Blocks.Dispose();
        Catalog.Dispose();
        _connection.Dispose();
    }
}
