using Ipam.Cli.Terminal;
using Ipam.Cli.Tests.Support;

namespace Ipam.Cli.Tests.Spaces;

public sealed class SpaceListTests : CommandTest
{
    [Fact]
    public async Task Each_space_and_family_is_a_row()
    {
        await GiveAsync(
            Some.Lease("10.0.0.1"), Some.Lease("10.0.0.63"), Some.Lease("10.0.0.64"), Some.Lease("fd00::1"),
            Some.Lease("10.0.0.1", space: "blue"));

        var outcome = await RunAsync("space", "list");

        Assert.Equal(new CliOutcome(0,
            """
            SPACE    FAMILY  BLOCKS  HELD
            blue     ipv4    1       1
            default  ipv4    2       3
            default  ipv6    1       1

            """, ""), outcome);
    }

    [Fact]
    public async Task A_block_counts_while_it_is_empty()
    {
        await GiveAsync(Some.Lease("10.0.0.1"));
        await ChangeAsync(added: [], removed: [Some.Lease("10.0.0.1")]);

        var outcome = await RunAsync("space", "list", "-o", "json");

        Assert.Equal(
            """
            [
              {
                "space": "default",
                "family": "ipv4",
                "blocks": 1,
                "held": 0
              }
            ]

            """, outcome.Output);
    }

    [Fact]
    public async Task There_is_no_wide_table_of_spaces()
    {
        var outcome = await RunAsync("space", "list", "-o", "wide");

        Assert.Equal((2, "ipamctl: 'wide' is no output format here; known are: table, json, jsonl, yaml, csv, name. Try 'ipamctl space list --help'.\n"),
            (outcome.ExitCode, outcome.Error));
    }
}
