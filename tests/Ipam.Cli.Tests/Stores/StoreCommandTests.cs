using System.Text.RegularExpressions;
using Ipam.Cli.Tests.Support;

namespace Ipam.Cli.Tests.Stores;

public sealed class StoreCommandTests : CommandTest
{
    [Fact]
    public async Task A_store_is_shown_with_its_identity_and_revision()
    {
        await GiveAsync(Some.Lease("10.0.0.1"));

        var outcome = await RunAsync("store", "show");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Matches(new Regex("^STORE +sqlite:/.*\nIDENTITY +[0-9a-f]{32}\nREVISION +1\nLOSS ACCEPTED +yes\n", RegexOptions.None), outcome.Output);
    }

    [Fact]
    public async Task On_one_machine_there_is_nothing_to_accept()
    {
        await GiveAsync(Some.Lease("10.0.0.1"));

        Assert.Equal(new CliOutcome(0, "the data of the store are accepted already\n", ""), await RunAsync("store", "accept", "--yes"));
    }
}
