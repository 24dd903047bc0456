using Ipam.Cli.Terminal;
using Ipam.Core.Pools;
using Ipam.Stores;

namespace Ipam.Cli.Tests.Support;

/// <summary>Runs ipamctl against a store that is there, in which pools and reservations are created at 12:00.</summary>
public abstract class CatalogTest : CommandTest, IAsyncLifetime
{
    protected CatalogTest() => CreateStore = static url => StoreFactory.Create(url, new ManualTimeProvider(Some.Noon), mustExist: true);

    public Task InitializeAsync() => GiveAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>Runs it, and expects that it works.</summary>
    private protected async Task<string> DoAsync(params string[] arguments)
    {
        var outcome = await RunAsync(arguments);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        return outcome.Output;
    }

    private protected async Task<PoolCatalog> CatalogAsync()
    {
        await using var store = await StoreContent.OpenAsync(DatabaseFile);
        return await store.Pools.ReadAsync(default);
    }

    private protected async Task<Pool> PoolAsync(string name) => (await CatalogAsync()).Pools.Single(pool => pool.Name == name);

    /// <summary>Has something happen before what ipamctl writes first.</summary>
    private protected void Meanwhile(Func<Task> action)
    {
        var inner = CreateStore;
        CreateStore = url =>
        {
            CreateStore = inner;
            return new MeddlingStore(inner(url), action);
        };
    }
}
