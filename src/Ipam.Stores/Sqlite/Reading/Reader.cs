using Ipam.Stores.Sqlite.Files;
using Ipam.Stores.Text;

namespace Ipam.Stores.Sqlite.Reading;

/// <summary>All reading, over a connection of its own. Not for several threads at once.</summary>
internal sealed class Reader : IDisposable
{
    private readonly Statements _statements;

    /// <summary>A reader over a connection, which is its own from now on.</summary>
    /// <param name="statements">The connection's.</param>
    /// <param name="path">The file, for messages.</param>
    public Reader(Statements statements, string path)
    {
        _statements = statements;
        var strings = new StringPool();
        Leases = new LeaseReader(statements, strings, path);
        Blocks = new BlockReader(statements, Leases, strings, path);
        Catalog = new CatalogReader(statements, path);
    }

    /// <summary>Reads leases.</summary>
    public LeaseReader Leases { get; }

    /// <summary>Reads blocks with their leases.</summary>
    public BlockReader Blocks { get; }

    /// <summary>Reads pools and reservations.</summary>
    public CatalogReader Catalog { get; }

    /// <inheritdoc/>
    public void Dispose() => _statements.Dispose();
}
