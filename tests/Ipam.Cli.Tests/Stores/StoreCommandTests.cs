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
        Assert.Matches(new Regex("^STORE +sqlite:/.*\nIDENTITY +[0-9a-f]{32}\nREVISION +1\nLOSS ACCEPTED +no\n", RegexOptions.None), outcome.Output);
    }

    [Fact]
    public async Task A_loss_is_accepted_once()
    {
        await GiveAsync(Some.Lease("10.0.0.1"));

        var first = await RunAsync("store", "accept", "--yes");
        Assert.Equal(0, first.ExitCode);
        Assert.EndsWith("accepted the loss\n", first.Output, StringComparison.Ordinal);
        Assert.Contains("\nLOSS ACCEPTED  yes\n", (await RunAsync("store", "show")).Output, StringComparison.Ordinal);
        Assert.Equal(new CliOutcome(0, "the data of the store are accepted already\n", ""), await RunAsync("store", "accept", "--yes"));
    }
}
