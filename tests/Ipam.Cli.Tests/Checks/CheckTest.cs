using System.Text.Json;
using Ipam.Cli.Tests.Support;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores;

namespace Ipam.Cli.Tests.Checks;

/// <summary>Runs 'ipamctl check' and 'repair' on a file with leases of nodes that live or not, as --node-gone-after says.</summary>
public abstract class CheckTest : CommandTest, IAsyncLifetime
{
    private protected static readonly string[] GoneAfter = ["--node-gone-after", "60"];

    public virtual async Task InitializeAsync()
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

    /// <summary>The report of a check, which finds something, as a file.</summary>
    private protected async Task<string> ReportAsync(string name = "report.json")
    {
        var outcome = await RunOverTimeAsync(["check", "-o", "json", .. GoneAfter]);
        Assert.Equal(8, outcome.ExitCode);
        return Write(name, outcome.Output);
    }

    /// <summary>The one object that a command printed.</summary>
    private protected static JsonElement Object(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Assert.Single(document.RootElement.EnumerateArray()).Clone();
    }

    private protected async Task<string> IdentityAsync()
    {
        await using var store = StoreFactory.Create(StoreUrl, TimeProvider.System, mustExist: true);
        await store.OpenAsync(default);
        return (await store.Past.ReadAsync(default)).Identity;
    }

    private protected async Task<IEnumerable<string>> AddressesAsync() => (await LeasesAsync()).Select(static lease => lease.Address.ToString());
}
