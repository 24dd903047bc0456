using Ipam.Stores.Sqlite.Reading;

namespace Ipam.Stores.Sqlite.Catalog;

/// <summary>What the catalog and the registry need of the store that they are in.</summary>
internal interface ISqliteAccess
{
    /// <summary>Reads. <paramref name="doing"/> completes "failed to ..." in messages.</summary>
    Task<T> ReadAsync<T>(string doing, Func<Reader, T> read, CancellationToken cancellationToken);

    /// <summary>Changes pools, reservations or leadership, or looks at what is there to be changed: one after the other.</summary>
    Task<T> ChangeAsync<T>(string doing, Func<CatalogWriter, T> change, CancellationToken cancellationToken);

    /// <summary>Works with other files than the database, on a thread of the store's own.</summary>
    Task<T> RunAsync<T>(string doing, Func<T> work, CancellationToken cancellationToken);
}
