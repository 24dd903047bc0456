using Ipam.Cli.Tests.Support;
using Ipam.Core.Blocks;

namespace Ipam.Cli.Tests.Leases;

/// <summary>Addresses that somebody on the wire answered for.</summary>
public sealed class AddressConflictTests : CatalogTest
{
    private const string Mac = "02:00:5e:10:00:09";

    [Fact]
    public async Task They_are_listed_by_their_state_and_end_by_a_release_of_their_address_or_network()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.0.0.0/28");
        await GiveAsync(Some.Lease("10.0.0.2"), Conflict("10.0.0.3"), Conflict("10.0.0.4"));

        Assert.Contains($"\n10.0.0.3  default  conflict:net  {Mac}  -          -", await DoAsync("lease", "list", "--state", "conflict"), StringComparison.Ordinal);
        Assert.Equal("10.0.0.3\n10.0.0.4\n", await DoAsync("lease", "list", "--state", "conflict", "-o", "name"));
        Assert.Equal("10.0.0.2\n10.0.0.3\n10.0.0.4\n", await DoAsync("lease", "list", "-o", "name"));
        Assert.Contains("x#CC..........\n", await DoAsync("map", "10.0.0.0/28"), StringComparison.Ordinal);
        Assert.Contains("C  in use on the wire\n", await DoAsync("pool", "map", "blue"), StringComparison.Ordinal);
        Assert.Contains("\"state\": \"conflict\"", await DoAsync("map", "10.0.0.0/28", "-o", "json"), StringComparison.Ordinal);
        Assert.Contains($"CONTAINER  {Mac}\n", await DoAsync("lease", "show", "10.0.0.3"), StringComparison.Ordinal);

        var asked = await RunAsync("lease", "release", "10.0.0.3", "--yes");
        Assert.Equal((0, "released 10.0.0.3 in space default\n"), (asked.ExitCode, asked.Output));
        Assert.Equal(0, (await RunAsync("lease", "release", "--network", "conflict:net", "--yes")).ExitCode);
        Assert.Equal("10.0.0.2\n", await DoAsync("lease", "list", "-o", "name"));
    }

    private static Lease Conflict(string address)
    {
        var lease = Some.Lease(address);
        return lease with { Owner = Owner.Conflict("net", Mac, lease.Space, lease.Address) };
    }
}
