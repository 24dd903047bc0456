using Ipam.Stores.Sqlite.Catalog;
using Ipam.Stores.Sqlite.Reading;

namespace Ipam.Stores.Sqlite.Catalog;

/// <summary>What the parts of a <see cref="SqliteStore"/> share: its readers, and its turn to write.</summary>
internal interface ISqliteAccess
{
    /// <summary>Reads. <paramref name="doing"/> completes "failed to ..." in messages.</summary>
    Task<T> ReadAsync<T>(string doing, Func<Reader, T> read, CancellationToken cancellationToken);

    /// <summary>Changes pools, reservations or leadership, while nothing is committed.</summary>
    Task<bool> ChangeAsync(string doing, Func<CatalogWriter, bool> change, CancellationToken cancellationToken);
}
