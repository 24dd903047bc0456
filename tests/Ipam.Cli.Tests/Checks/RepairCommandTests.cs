using Ipam.Cli.Tests.Support;

namespace Ipam.Cli.Tests.Checks;

public sealed class RepairCommandTests : CheckTest
{
    [Fact]
    public async Task Only_what_every_report_names_is_released()
    {
        await GiveAsync(Of("10.0.0.1", "dead"), Of("10.0.1.1", "alive"));
        var (first, alive) = await WhileReportsAsync("alive", () => ReportAsync("first.json"));
        await GiveAsync(Of("10.0.2.1", "later"));
        Now = Now.AddMinutes(10);
        var second = await ReportAsync("second.json");
        Assert.Contains("10.0.1.1", await File.ReadAllTextAsync(second), StringComparison.Ordinal);
        Now = Now.AddMinutes(10);

        var dry = await RunOverTimeAsync(["repair", "--from-report", first, "--from-report", second, "--dry-run", .. GoneAfter]);
        Assert.Equal(0, dry.ExitCode);
        Assert.Matches(
            "^ADDRESS +SPACE +NODE +POD +STATE +BECAUSE\n10.0.0.1 +default +dead +- +would be released +reports of nodes: ipamd of node dead has not reported for 60 s, for at least [0-9]+ s\n$", dry.Output);
        Assert.EndsWith("ipamctl: the reports name 1 leaks: 1 would be released, 0 stay, 0 were released before\n", dry.Error, StringComparison.Ordinal);
        Assert.Equal(3, (await LeasesAsync()).Count);

        var outcome = await RunOverTimeAsync(["repair", "--from-report", first, "--from-report", second, .. GoneAfter]);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Matches("\n10.0.0.1 +default +dead +- +released +reports of nodes: ", outcome.Output);
        Assert.EndsWith("ipamctl: the reports name 1 leaks: 1 released, 0 stay, 0 were released before\n", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(["10.0.1.1", "10.0.2.1"], await AddressesAsync());

        var again = await RunOverTimeAsync(["repair", "--from-report", first, .. GoneAfter]);
        Assert.Equal(0, again.ExitCode);
        Assert.EndsWith("ipamctl: the reports name 1 leaks: 0 released, 0 stay, 1 were released before\n", again.Error, StringComparison.Ordinal);
        Assert.NotNull(alive);
    }

    [Fact]
    public async Task What_is_not_found_gone_now_stays_and_so_does_an_address_that_has_another_lease_by_now()
    {
        var reused = Of("10.0.0.1", "dead");
        await GiveAsync(reused, Of("10.0.1.1", "back"));
        var report = await ReportAsync();
        await ChangeAsync([reused with { Sequence = reused.Sequence + 1 }], [reused]);
        Now = Now.AddMinutes(20);

        var (outcome, _) = await WhileReportsAsync("back", () => RunOverTimeAsync(["repair", "--from-report", report, .. GoneAfter]));

        Assert.Equal(9, outcome.ExitCode);
        Assert.Matches("^ADDRESS +SPACE +NODE +POD +STATE +BECAUSE\n10.0.1.1 +default +back +- +stays +no reading finds its owner gone now\n$", outcome.Output);
        Assert.EndsWith("ipamctl: the reports name 2 leaks: 0 released, 1 stay, 1 were released before\n", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(["10.0.0.1", "10.0.1.1"], await AddressesAsync());
    }

    [Fact]
    public async Task A_report_that_is_younger_than_the_grace_period_waits_for_its_end()
    {
        await GiveAsync(Of("10.0.0.1", "dead"));
        var report = await ReportAsync();
        Now = Now.AddSeconds(100);

        var outcome = await RunOverTimeAsync(["repair", "--from-report", report, "--grace", "120", .. GoneAfter]);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("ipamctl: waits out the grace period, up to 120 s\n", outcome.Error, StringComparison.Ordinal);
        Assert.Matches("for at least 12[0-9] s", outcome.Output);
        Assert.Empty(await LeasesAsync());
    }

    [Fact]
    public async Task A_report_of_another_store_of_the_future_or_too_old_is_refused_and_nothing_is_released()
    {
        await GiveAsync(Of("10.0.0.1", "dead"));
        var report = await ReportAsync();
        var (identity, text, made) = (await IdentityAsync(), await File.ReadAllTextAsync(report), Now);
        var other = Write("other.json", text.Replace(identity, "0123", StringComparison.Ordinal));
        var ofCluster = Write("cluster.json", text.Replace("\"clusterUid\": null", "\"clusterUid\": \"x\"", StringComparison.Ordinal));

        Now = made.AddMinutes(20);
        await AssertRefusedAsync(other, $"{other} is of a store with the identity 0123, and this one has {identity}");
        await AssertRefusedAsync(ofCluster, $"{ofCluster} is of the cluster x, and this one is none");
        Now = made.AddSeconds(-1);
        await AssertRefusedAsync(report, $"{report} is from the future: check the clocks of this machine and of the one that made it");
        Now = made.AddDays(8);
        await AssertRefusedAsync(report, $"{report} is older than 7 days; make another one with 'ipamctl check'");
        Assert.Single(await LeasesAsync());
    }

    [Theory]
    [InlineData("", "it is no JSON at line 1, byte 1")]
    [InlineData("{}", "it is no list of one object")]
    [InlineData("[]", "it is no list of one object")]
    [InlineData("""[{ "format": 2 }]""", "its format is 2, and this program reads 1")]
    [InlineData("""[{ "format": 1 }]""", "it has no list of findings")]
    [InlineData("""[{ "format": 1, "findings": [], "time": "noon" }]""", "its \"time\" is no time as RFC 3339 has it")]
    [InlineData("""[{ "format": 1, "time": "2026-03-04T12:00:00Z", "identity": "i", "findings": [{ "kind": "leak", "space": "default", "address": "10.0.0.256" }] }]""", "'10.0.0.256' is no address")]
    [InlineData("""[{ "format": 1, "time": "2026-03-04T12:00:00Z", "identity": "i", "findings": [{ "kind": "leak", "space": "default", "address": "10.0.0.1" }] }]""", "a \"sequence\" is no whole number")]
    [InlineData("""[{ "format": 1, "time": "2026-03-04T12:00:00Z", "identity": "i", "findings": [1] }]""", "a \"kind\" is missing, or no text")]
    public async Task What_is_no_report_is_refused(string text, string why)
    {
        var file = Write("report.json", text);

        var outcome = await RunAsync("repair", "--from-report", file);

        Assert.Equal((2, $"ipamctl: the report '{file}' can't be read: {why}; wanted is what 'ipamctl check -o json' prints\n"), (outcome.ExitCode, outcome.Error));
    }

    [Fact]
    public async Task A_file_that_is_not_there_a_folder_and_too_many_files_are_refused()
    {
        Assert.Equal(2, (await RunAsync("repair", "--from-report", "/there/is/none")).ExitCode);
        Assert.Contains("is a folder, wanted is a regular file", (await RunAsync("repair", "--from-report", "/")).Error, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync(["repair", .. Enumerable.Repeat("--from-report=x", 33)])).ExitCode);
        Assert.Equal(2, (await RunAsync("repair")).ExitCode);
    }

    private async Task AssertRefusedAsync(string report, string why)
    {
        var outcome = await RunAsync(["repair", "--from-report", report, .. GoneAfter]);
        Assert.Equal((4, $"ipamctl: nothing is released: the report {why}.\n"), (outcome.ExitCode, outcome.Error));
    }

    private async Task<(T Outcome, string Node)> WhileReportsAsync<T>(string node, Func<Task<T>> work)
    {
        await using var reporting = await ReportingNode.StartAsync(DatabaseUrl, node);
        return (await work(), node);
    }
}
