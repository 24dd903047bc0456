using Ipam.Stores.Sqlite.Reading;

namespace Ipam.Stores.Sqlite.Catalog;

/// <summary>What the catalog needs of the store that it is in.</summary>
internal interface ISqliteAccess
{
    /// <summary>Reads. <paramref name="doing"/> completes "failed to ..." in messages.</summary>
    Task<T> ReadAsync<T>(string doing, Func<Reader, T> read, CancellationToken cancellationToken);

    /// <summary>Changes pools, reservations or leadership, one change after the other.</summary>
    Task<bool> ChangeAsync(string doing, Func<CatalogWriter, bool> change, CancellationToken cancellationToken);
}
