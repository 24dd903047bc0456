using System.Diagnostics;
using System.Net;
using Ipam.Core.Stores;
using Ipam.Service.Health;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Http;

/// <summary>What callers see while the store fails or hangs, and that no release gets lost over it.</summary>
public sealed class StoreFailureTests
{
    private static readonly string Network = NetworkJson.Text("""
        "subnet": "10.5.0.0/24"
        """);

    private static readonly string Strict = NetworkJson.Text("""
        "subnet": "10.5.0.0/24", "status": "strict"
        """);

    [Fact]
    public async Task While_the_store_fails_ADD_CHECK_and_GC_are_code_11_and_a_strict_STATUS_is_50()
    {
        await using var daemon = await TestDaemon.StartAsync();
        (await daemon.Client.CallAsync("add", Network, "held")).EnsureOk();
        daemon.Store.Break("the disk is on fire; put it out");

        foreach (var verb in (string[])["add", "check", "gc"])
            Assert.Equal("the disk is on fire; put it out", (await daemon.Client.CallAsync(verb, Network, "held")).EnsureError(11).Message);
        Assert.Equal("the disk is on fire; put it out", (await daemon.Client.CallAsync("status", Strict, null)).EnsureError(50).Message);
        Assert.Equal("ok\n", (await daemon.Client.GetAsync("/healthz")).EnsureOk().Body);
        Assert.Equal(new ServiceAnswer(HttpStatusCode.ServiceUnavailable, "text/plain", "not ready: the disk is on fire; put it out\n"), await daemon.Client.GetAsync("/readyz"));

        daemon.Store.Mend();

        foreach (var verb in (string[])["add", "check", "status", "gc"])
            (await daemon.Client.CallAsync(verb, Network, "held")).EnsureOk();
        Assert.Equal("ready\n", (await daemon.Client.GetAsync("/readyz")).EnsureOk().Body);
    }

    [Fact]
    public async Task A_DEL_meanwhile_succeeds_and_is_carried_out_once_the_store_is_back()
    {
        await using var daemon = await TestDaemon.StartAsync();
        (await daemon.Client.CallAsync("add", Network, "c1")).EnsureOk();
        daemon.Store.Break("the disk is gone");

        Assert.Empty((await daemon.Client.CallAsync("del", Network, "c1")).EnsureOk().Body);
        Assert.Empty((await daemon.Client.CallAsync("del", Network, "c1")).EnsureOk().Body);
        Assert.Equal("net~c1~eth0.json", Path.GetFileName(Assert.Single(daemon.Spooled)));
        var page = await daemon.MetricsAsync();
        Assert.Equal(2, page["""ipamsuite_request_duration_seconds_count{verb="DEL",result="spooled"}"""]);
        Assert.Equal(1, page["ipamsuite_spooled_releases"]);

        daemon.Store.Mend();

        await Wait.UntilAsync(() => daemon.Spooled.Length == 0);
        Assert.Empty(await daemon.LeasesOf("c1"));
        Assert.Equal(0, (await daemon.MetricsAsync())["ipamsuite_spooled_releases"]);
    }

    [Fact]
    public async Task An_ADD_right_after_a_DEL_that_waits_gets_an_address_that_the_DEL_does_not_take_away()
    {
        await using var daemon = await TestDaemon.StartAsync();
        (await daemon.Client.CallAsync("add", Network, "c1")).EnsureOk();
        daemon.Store.Break("the disk is gone");
        (await daemon.Client.CallAsync("del", Network, "c1")).EnsureOk();
        daemon.Store.Mend();

        var address = (await daemon.Client.CallAsync("add", Network, "c1")).Addresses;

        await Wait.UntilAsync(() => daemon.Spooled.Length == 0);
        (await daemon.Client.CallAsync("check", Network, "c1")).EnsureOk();
        Assert.Equal(address, $"{Assert.Single(await daemon.LeasesOf("c1")).Address}/24");
    }

    [Fact]
    public async Task A_DEL_that_can_not_even_be_written_down_is_code_11_and_says_both()
    {
        await using var daemon = await TestDaemon.StartAsync();
        Directory.Delete(daemon.Options.Spool, recursive: true);
        await File.WriteAllTextAsync(daemon.Options.Spool, "a file where a folder should be");
        daemon.Store.Break("the disk is gone");

        var error = (await daemon.Client.CallAsync("del", Network, "c1")).EnsureError(11);

        Assert.Equal("the disk is gone", error.Message);
        Assert.StartsWith($"and the release can't be written to {daemon.Options.Spool} for later: ", error.Details, StringComparison.Ordinal);
        File.Delete(daemon.Options.Spool);
        Assert.Equal(1, (await daemon.MetricsAsync())["""ipamsuite_request_duration_seconds_count{verb="DEL",result="11"}"""]);
    }

    [Fact]
    public async Task While_the_store_hangs_everything_is_answered_when_its_time_is_up()
    {
        await using var daemon = await TestDaemon.StartAsync(requestTimeout: TimeSpan.FromSeconds(3));
        (await daemon.Client.CallAsync("add", Network, "c1")).EnsureOk();
        _ = daemon.Store.Hang();
        // For so long a strict STATUS goes by the commit.
        await Task.Delay(StorePing.MaxAge);
        var start = Stopwatch.GetTimestamp();

        var calls = await Task.WhenAll(((string[])["add", "check", "gc", "status", "del"]).Select(verb => daemon.Client.CallAsync(verb, verb == "status" ? Strict : Network, "c1")));

        const string message = "ipamd did not finish within 3 s";
        Assert.All(calls[..3], answer => Assert.Equal(message, answer.EnsureError(11).Message));
        Assert.Equal(message, calls[3].EnsureError(50).Message);
        calls[4].EnsureOk();
        Assert.Single(daemon.Spooled);
        Assert.Equal(HttpStatusCode.OK, (await daemon.Client.GetAsync("/metrics")).Status);
        Assert.Equal("not ready: ", (await daemon.Client.GetAsync("/readyz")).Body[..11]);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(20));

        daemon.Store.Mend();
        await Wait.UntilAsync(() => daemon.Spooled.Length == 0);
        Assert.Empty(await daemon.LeasesOf("c1"));
    }

    [Fact]
    public async Task Until_the_store_is_open_a_DEL_is_written_down_and_everything_else_is_refused()
    {
        await using var daemon = await TestDaemon.StartAsync(static options => options, static store => store.Break("the disk is not mounted"));

        var error = (await daemon.Client.CallAsync("add", Network, "c1")).EnsureError(11);
        (await daemon.Client.CallAsync("status", Strict, null)).EnsureError(50);
        (await daemon.Client.CallAsync("del", Network, "c1")).EnsureOk();
        var page = await daemon.MetricsAsync();

        Assert.StartsWith("ipamd is not ready: ", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, page["ipamsuite_ready"]);
        Assert.Single(daemon.Spooled);

        daemon.Store.Mend();
        await daemon.WhenReady;
        (await daemon.Client.CallAsync("add", Network, "c2")).EnsureOk();
        await Wait.UntilAsync(() => daemon.Spooled.Length == 0);
    }

    [Fact]
    public async Task After_a_commit_that_failed_it_is_not_ready_and_turns_ready_again_without_a_request()
    {
        await using var daemon = await TestDaemon.StartAsync();
        daemon.Store.BreakCommits("the disk is full");
        (await daemon.Client.CallAsync("add", Network, "c1")).EnsureError(11);

        Assert.Equal("not ready: the disk is full\n", (await daemon.Client.GetAsync("/readyz")).Body);
        // Reads alone don't make it ready.
        (await daemon.Client.CallAsync("check", Network, "c1")).EnsureError(102);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await daemon.Client.GetAsync("/readyz")).Status);

        daemon.Store.Mend();
        await Wait.UntilAsync(() => daemon.Client.GetAsync("/readyz").GetAwaiter().GetResult().Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_fault_that_no_store_knows_is_code_11_and_a_DEL_is_written_down()
    {
        await using var daemon = await TestDaemon.StartAsync();
        (await daemon.Client.CallAsync("add", Network, "c1")).EnsureOk();
        daemon.Store.Break(new InvalidCastException("what a driver may throw"));

        Assert.EndsWith("failed with InvalidCastException: what a driver may throw", (await daemon.Client.CallAsync("add", Network, "c2")).EnsureError(11).Message, StringComparison.Ordinal);
        (await daemon.Client.CallAsync("gc", Network, null)).EnsureError(11);
        (await daemon.Client.CallAsync("check", Network, "c1")).EnsureError(11);
        (await daemon.Client.CallAsync("del", Network, "c1")).EnsureOk();
        Assert.Single(daemon.Spooled);

        daemon.Store.Mend();
        await Wait.UntilAsync(() => daemon.Spooled.Length == 0);
        Assert.Empty(await daemon.LeasesOf("c1"));
    }

    [Fact]
    public async Task A_store_that_trying_again_cannot_open_ends_the_service()
    {
        await using var daemon = await TestDaemon.StartAsync(static options => options, static store => store.Break("made by a newer version", isPermanent: true));

        Assert.Equal("made by a newer version", (await Assert.ThrowsAsync<StoreException>(() => daemon.Running)).Message);
    }

    [RootFact]
    public async Task When_the_disk_is_full_ADD_says_so_and_works_again_once_there_is_room()
    {
        using var disk = new SmallDisk();
        await using var daemon = await TestDaemon.StartAsync(disk.Combine("ipam.db"));
        (await daemon.Client.CallAsync("add", Network, "before")).EnsureOk();
        disk.Fill();

        var refused = (await FillAsync(daemon)).EnsureError(11);

        Assert.Contains("The disk is full", refused.Message, StringComparison.Ordinal);
        (await daemon.Client.CallAsync("del", Network, "before")).EnsureOk();
        disk.MakeRoom();
        (await daemon.Client.CallAsync("add", Network, "after")).EnsureOk();
        await Wait.UntilAsync(() => daemon.Spooled.Length == 0);
        Assert.Empty(await daemon.LeasesOf("before"));
    }

    /// <summary>Adds until the store refuses: its files may have had some room left inside.</summary>
    private static async Task<ServiceAnswer> FillAsync(TestDaemon daemon)
    {
        for (var i = 0; ; i++)
        {
            var answer = await daemon.Client.CallAsync("add", NetworkJson.Text("\"subnet\": \"10.6.0.0/16\""), $"c{i}");
            if (answer.Status != HttpStatusCode.OK)
                return answer;
        }
    }
}
