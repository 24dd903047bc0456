using System.Text.Json;
using Ipam.Cli.Tests.Collection;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores;

namespace Ipam.Cli.Tests.Checks;

/// <summary>Runs 'ipamctl check' and 'repair' on a file with leases of nodes that live or not, as --node-gone-after says.</summary>
public abstract class CheckTest : CollectionTest
{
    private protected static readonly string[] GoneAfter = ["--node-gone-after", "60"];

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
