using Ipam.Cli.Tests.Support;

namespace Ipam.Cli.Tests.Spaces;

public sealed class SpaceShowTests : CatalogTest
{
    [Fact]
    public async Task All_of_a_space_is_shown()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.0.0.0/24");
        await DoAsync("reservation", "add", "10.0.0.53", "--name", "dns");
        await GiveAsync(Some.Lease("10.0.0.9"), Some.Lease("10.0.0.70"), Some.Lease("fd00::9"));

        Assert.Equal(
            """
            SPACE         default
            IPV4          2 held in 2 blocks
            IPV6          1 held in 1 blocks
            POOLS         blue
            RESERVATIONS  dns
            NODES         -

            """, await DoAsync("space", "show", "default"));
        Assert.Contains("\"pools\": [\n      \"blue\"\n    ]", await DoAsync("space", "show", "default", "-o", "json"), StringComparison.Ordinal);
        Assert.Equal((3, $"ipamctl: there is no space 'defualt' in {DatabaseUrl}, did you mean 'default'?: nothing is in it; 'ipamctl space list' shows those that there are.\n"),
            await RunAsync("space", "show", "defualt") is var outcome ? (outcome.ExitCode, outcome.Error) : default);
    }
}
