using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Stores.Tests.Contract;

/// <summary>What every store promises. A store's own test class says how to make one, and inherits the rest.</summary>
public abstract partial class StoreContract : IAsyncLifetime
{
    private readonly List<IIpamStore> _stores = [];

    /// <summary>Whether a commit of several changes of a space writes all or none; see <see cref="AllOrNothingPerSpaceStoreContract"/>.</summary>
    protected virtual bool CommitsAllOrNothing => false;

    /// <summary>Whether that holds over all spaces; see <see cref="AllOrNothingStoreContract"/>.</summary>
    protected virtual bool SpacesAreCommittedTogether => false;

    private protected IIpamStore Store => _stores[0];

    /// <summary>An open store over the data of this test, which are empty at first. Called again, another client of the same data.</summary>
    protected abstract Task<IIpamStore> CreateStoreAsync();

    public async Task InitializeAsync() => await AnotherClientAsync();

    /// <summary>Closes all clients; a store's class then removes the data.</summary>
    public virtual Task DisposeAsync() => CloseAllAsync();

    private protected async Task<IIpamStore> AnotherClientAsync()
    {
        var store = await CreateStoreAsync();
        _stores.Add(store);
        return store;
    }

    private async Task CloseAllAsync()
    {
        foreach (var store in _stores)
            await store.DisposeAsync();
        _stores.Clear();
    }

    private protected Task<IReadOnlyList<CommitResult>> CommitAsync(params BlockChange[] changes) => Store.CommitAsync(changes, default);

    /// <summary>Commits what must succeed, and returns the block as it is then.</summary>
    private protected async Task<Block> MustCommitAsync(BlockChange change)
    {
        var result = Assert.Single(await CommitAsync(change));
        Assert.Equal(CommitStatus.Committed, result.Status);
        Assert.Empty(result.Current);
        return change.Block with { Version = result.Version };
    }

    private protected async Task<Block?> ReadAsync(BlockId id) => (await Store.ReadBlocksAsync([id], default)).SingleOrDefault();

    private protected Task<List<Block>> ListAsync(string? space = null) => ListAsync(new BlockFilter(space));

    private protected async Task<List<Block>> ListAsync(BlockFilter filter)
    {
        var blocks = new List<Block>();
        await foreach (var page in Store.ListBlocksAsync(filter, default))
            blocks.AddRange(page);
        return blocks;
    }

    private protected Task<Found<Lease>> FindAsync(Owner owner) => Store.FindLeasesAsync(owner, null, default);
}
