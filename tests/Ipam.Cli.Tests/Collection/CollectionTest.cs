using Ipam.Cli.Tests.Support;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores;

namespace Ipam.Cli.Tests.Collection;

/// <summary>Runs what looks for leaks on a file with leases of nodes that live or not.</summary>
public abstract class CollectionTest : CommandTest, IAsyncLifetime
{
    public async Task InitializeAsync()
    {
        // The code that writes who leads takes a while to be made, which is long in a time that passes so fast.
        await GiveAsync(Of("10.0.9.9", "dead"));
        await ChangeAsync([], await LeasesAsync());
        await using var store = StoreFactory.Create(DatabaseUrl, TimeProvider.System, mustExist: true);
        await store.OpenAsync(default);
        await store.Leaders.PutAsync("nothing", new LeaderRecord("nobody", TimeSpan.FromSeconds(1), Now, Now, 0), default);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private protected static Lease Of(string address, string node) => Some.Lease(address) with { Node = node };
}
