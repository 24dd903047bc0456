using Ipam.Core.Stores;
using Ipam.Stores.Sqlite;
using Ipam.Stores.Tests.Contract;

namespace Ipam.Stores.Tests.Sqlite;

/// <summary>The contract, kept by a file.</summary>
public sealed class SqliteStoreContractTests : AllOrNothingStoreContract, IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ShiftedTime _time = new();

    protected override async Task<IIpamStore> CreateStoreAsync()
    {
        var store = new SqliteStore(_folder.Combine("ipam.db"), new SqliteStoreOptions { Time = _time });
        await store.OpenAsync(default);
        return store;
    }

    public void Dispose() => _folder.Dispose();
}
