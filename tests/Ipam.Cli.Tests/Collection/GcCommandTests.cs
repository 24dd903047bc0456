using Ipam.Cli.Tests.Support;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores;
using Microsoft.Data.Sqlite;

namespace Ipam.Cli.Tests.Collection;

public sealed class GcCommandTests : CollectionTest
{
    [Fact]
    public async Task A_node_that_gives_no_sign_for_as_long_as_the_admin_says_is_freed_and_one_that_reports_is_not()
    {
        await GiveAsync(Of("10.0.0.1", "dead"), Of("10.0.0.2", "alive"), Of("10.0.1.1", "dead"));
        await using var alive = await ReportAsync("alive");

        var outcome = await RunOverTimeAsync("gc", "--node-gone-after", "60", "--grace", "10");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Matches("^ADDRESS +SPACE +NODE +POD +STATE +BECAUSE\n10.0.0.1 +default +dead +.* released +reports of nodes: ipamd of node dead has not reported for 60 s", outcome.Output);
        Assert.Equal(3, outcome.Output.TrimEnd().Split('\n').Length);
        Assert.Contains("ipamctl: waits for signs of the nodes' ipamds, up to 60 s\n", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("ipamctl: waits out the grace period, up to 10 s\n", outcome.Error, StringComparison.Ordinal);
        Assert.EndsWith("ipamctl: 3 leases, 2 released, 0 suspected\n", outcome.Error, StringComparison.Ordinal);
        Assert.Equal("10.0.0.2", Assert.Single(await LeasesAsync()).Address.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("the account may not create Events")]
    public async Task Releases_are_told_of_where_the_store_has_a_place_for_that_and_are_done_all_the_same_where_that_fails(string? fault)
    {
        var board = new Board(fault);
        CreateStore = url => new MeddlingStore(StoreFactory.Create(url, TimeProvider.System), static () => Task.CompletedTask) { Notices = board };
        Assert.Equal(0, (await RunAsync("pool", "create", "blue", "--range", "10.0.0.0/24")).ExitCode);
        await GiveAsync(Of("10.0.0.9", "dead"));

        var outcome = await RunOverTimeAsync("gc", "--node-gone-after", "60", "--grace", "5");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Empty(await LeasesAsync());
        var notice = Assert.Single(board.Posted);
        Assert.Equal((NoticeSubject.Pool, "blue", "AddressesReleased", "ipamctl"), (notice.Subject, notice.Name, notice.Reason, notice.By));
        Assert.Equal(fault is not null, outcome.Error.Contains($"ipamctl: not all that was released is in an Event: {fault}\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_one_node_alone_if_the_admin_names_it_and_on_a_terminal_it_shows_how_far_the_wait_is()
    {
        await GiveAsync(Of("10.0.0.1", "dead"), Of("10.0.0.2", "dead-too"));
        ShowsProgress = true;

        var outcome = await RunOverTimeAsync("gc", "--node", "dead", "--node-gone-after", "60", "--grace", "10");

        Assert.Equal(0, outcome.ExitCode);
        Assert.EndsWith("ipamctl: 1 leases, 1 released, 0 suspected\n", outcome.Error, StringComparison.Ordinal);
        Assert.Matches(@"\r\[##########-{10}\] [23][0-9] s left at most", outcome.Error);
        Assert.Equal("10.0.0.2", Assert.Single(await LeasesAsync()).Address.ToString());
    }

    [Fact]
    public async Task What_could_not_be_judged_is_named()
    {
        await GiveAsync(Of("10.0.0.1", "dead"), Of("10.0.1.1", "dead"));
        await using (var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "UPDATE blocks SET last_offset = 64 WHERE base = x'040a000100'";
            Assert.Equal(1, await command.ExecuteNonQueryAsync());
        }

        var outcome = await RunOverTimeAsync("gc", "--node-gone-after", "60", "--grace", "5");

        Assert.Equal(5, outcome.ExitCode);
        Assert.Contains("ipamctl: not judged: the block default 10.0.1.0/26 in SQLite store ", outcome.Error, StringComparison.Ordinal);
        Assert.EndsWith("ipamctl: 1 leases, 1 released, 0 suspected\n", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_shows_what_seems_to_be_leaked_and_releases_nothing()
    {
        await GiveAsync(Of("10.0.0.1", "dead"));

        var outcome = await RunOverTimeAsync("gc", "--node-gone-after", "60", "--dry-run", "-o", "json");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("\"state\": \"stays\"", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("\"because\": \"reports of nodes: ipamd of node dead has not reported for 60 s\"", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("grace", outcome.Error, StringComparison.Ordinal);
        Assert.Single(await LeasesAsync());
    }

    [Fact]
    public async Task Nothing_is_waited_for_where_there_is_nothing_to_judge()
    {
        Assert.Equal((0, "ipamctl: 0 leases, 0 released, 0 suspected\n"), await RunAsync("gc", "--node-gone-after", "3600") is var outcome ? (outcome.ExitCode, outcome.Error) : default);
    }

    [Fact]
    public async Task Where_nothing_can_tell_that_a_node_is_gone_it_says_so()
    {
        await GiveAsync(Of("10.0.0.1", "dead"));

        var outcome = await RunAsync("gc");
        Assert.Equal(2, outcome.ExitCode);
        Assert.StartsWith("ipamctl: nothing here can tell that a node is gone: ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_works_keeps_others_away_and_one_that_was_killed_only_for_its_term()
    {
        await GiveAsync(Of("10.0.0.1", "dead"));
        await using var store = StoreFactory.Create(DatabaseUrl, TimeProvider.System, mustExist: true);
        await store.OpenAsync(default);
        var other = await store.Leaders.PutAsync("gc", new LeaderRecord("jane@elsewhere", TimeSpan.FromSeconds(15), Now, Now, 0), default);
        Assert.NotNull(other);

        using var end = new CancellationTokenSource();
        var renewing = RenewAsync(store, other, end.Token);
        var refused = await RunOverTimeAsync("gc", "--node-gone-after", "60", "--grace", "5");
        Assert.Equal((7, "ipamctl: another collection is under way: jane@elsewhere. It does the same; wait for its end.\n"), (refused.ExitCode, refused.Error));
        await end.CancelAsync();
        await renewing;

        var taken = await RunOverTimeAsync("gc", "--node-gone-after", "60", "--grace", "5");
        Assert.Equal(0, taken.ExitCode);
        Assert.Empty(await LeasesAsync());
    }

    [Theory]
    [InlineData("--grace", "0")]
    [InlineData("--grace", "1h")]
    [InlineData("--node-gone-after", "59")]
    public async Task Seconds_out_of_bounds_are_refused(string option, string value) =>
        Assert.Equal(2, (await RunAsync("gc", option, value)).ExitCode);

    private sealed class Board(string? fault) : INoticeBoard
    {
        public List<Notice> Posted { get; } = [];

        public Task PostAsync(Notice notice, CancellationToken cancellationToken)
        {
            Posted.Add(notice);
            return fault is null ? Task.CompletedTask : Task.FromException(new StoreException(fault));
        }
    }

    private static async Task RenewAsync(IIpamStore store, LeaderRecord record, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            record = (await store.Leaders.PutAsync("gc", record with { RenewedAt = record.RenewedAt.AddSeconds(1) }, default))!;
            await Task.Delay(5, CancellationToken.None);
        }
    }

    /// <summary>An ipamd of this name reports.</summary>
    private Task<ReportingNode> ReportAsync(string node) => ReportingNode.StartAsync(DatabaseUrl, node);
}
