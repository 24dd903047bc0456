using Ipam.Cli.Terminal;
using Ipam.Cli.Tests.Support;
using Ipam.Core.Blocks;
using Ipam.Core.History;
using Ipam.Stores;
using Ipam.Stores.Sqlite;
using Ipam.Stores.Sqlite.History;

namespace Ipam.Cli.Tests.History;

public sealed class HistoryTests : CommandTest
{
    private static readonly Lease First = Some.Lease("10.0.0.9", pod: Some.Pod("web-0"));
    private static readonly Lease Second = First with { Owner = new Owner("pods", "0a8d1f3c22b17e40", "eth0"), Sequence = First.Sequence + 1, Node = "node-b", Pod = Some.Pod("web-1"), AcquiredAt = Some.Noon.AddHours(2) };
    private static readonly Lease Other = Some.Lease("10.0.1.9", node: "node-b") with { AcquiredAt = Some.Noon.AddHours(1) };

    [Fact]
    public async Task An_address_is_told_from_lease_to_lease()
    {
        await TellAsync();

        Assert.Equal(new CliOutcome(0,
            """
            ADDRESS   BEGAN                 ENDED                 POD         CONTAINER      NODE    BEGIN  END
            10.0.0.9  2026-03-04T12:00:00Z  2026-03-04T13:30:00Z  shop/web-0  10.0.0.9-defa  node-a  add    del
            10.0.0.9  2026-03-04T14:00:00Z  -                     shop/web-1  0a8d1f3c22b17  node-b  add    -

            """, ""), await RunAsync("history", "10.0.0.9"));
    }

    [Theory]
    [InlineData("2026-03-04T12:00:00Z", "web-0")]
    [InlineData("2026-03-04T14:29:59+01:00", "web-0")]
    [InlineData("2026-03-04T13:30:00.000Z", null)]
    [InlineData("2026-03-04T13:59:59Z", null)]
    [InlineData("2026-03-04T14:00Z", "web-1")]
    [InlineData("90m", "web-0")]
    [InlineData("5s", "web-1")]
    public async Task Who_held_it_at_a_moment_is_one_question(string at, string? pod)
    {
        await TellAsync();
        Now = Some.Noon.AddHours(at == "90m" ? 2.5 : 4);

        var outcome = await RunAsync("history", "10.0.0.9", "--at", at, "-o", "jsonl");

        Assert.Equal(pod is null ? (ExitCode.NotFound, 0) : (ExitCode.Ok, 1), (outcome.ExitCode, outcome.Output.Count(static letter => letter == '\n')));
        Assert.Contains(pod is null ? "nobody held 10.0.0.9 at 2026-03-04T13:" : $"\"podName\":\"{pod}\"", outcome.Output + outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_pod_a_node_or_a_container_held_in_a_time_is_told()
    {
        await TellAsync();

        Assert.Equal("10.0.0.9\n10.0.1.9\n", await NamesAsync("node-b"));
        Assert.Equal("10.0.1.9\n", await NamesAsync("node-b", "--until", "2026-03-04T13:00:00Z"));
        Assert.Equal("10.0.0.9\n", await NamesAsync("shop/web-0"));
        Assert.Equal("10.0.0.9\n", await NamesAsync("0a8d1f"));
        Assert.Equal(ExitCode.NotFound, (await RunAsync("history", "shop/web-0", "--since", "2026-03-04T14:00:00Z")).ExitCode);
        Assert.Equal(ExitCode.NotFound, (await RunAsync("history", "web-7")).ExitCode);

        async Task<string> NamesAsync(params string[] arguments) => (await RunAsync(["history", .. arguments, "-o", "name"])).Output;
    }

    [Fact]
    public async Task All_that_was_is_told_once_week_by_week()
    {
        await TellAsync();
        var later = Other with { Sequence = Other.Sequence + 1, AcquiredAt = Some.Noon.AddDays(9) };
        await At(Some.Noon.AddDays(9), [later], [Other]);
        Now = Some.Noon.AddDays(12);

        string[] expected = ["10.0.0.9 2026-03-04T12:00:00Z", "10.0.0.9 2026-03-04T14:00:00Z", "10.0.1.9 2026-03-04T13:00:00Z", "10.0.1.9 2026-03-13T12:00:00Z"];
        Assert.Equal(expected, await ToldAsync());
        Now = Some.Noon.AddDays(200);
        Assert.Equal(expected, await ToldAsync());
        Now = Some.Noon.AddDays(12);
        Assert.Equal(expected[1..], await ToldAsync("--since", "2026-03-04T13:45:00Z"));
        Assert.Equal([expected[1], expected[3]], await ToldAsync("--since", "2026-03-13T12:00:00Z"));
        Assert.Equal([expected[0], expected[2]], await ToldAsync("--until", "2026-03-04T13:30:00Z"));
        Assert.Equal(ExitCode.NotFound, (await RunAsync("history", "--all", "--until", "2026-03-04T11:00:00Z")).ExitCode);

        async Task<IEnumerable<string>> ToldAsync(params string[] arguments)
        {
            var outcome = await RunAsync(["history", "--all", "-o", "csv", .. arguments]);
            Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
            return outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(static line => line.Split(',')).Select(static cells => $"{cells[0]} {cells[1]}");
        }
    }

    [Fact]
    public async Task What_an_admin_begins_and_ends_has_his_name()
    {
        await GiveAsync();
        await RunAsync("pool", "create", "blue", "--range", "10.0.0.0/24");
        await RunAsync("lease", "add", "10.0.0.7", "--name", "printer");
        await RunAsync("lease", "release", "10.0.0.7", "--yes");

        var outcome = await RunAsync("history", "printer", "-o", "csv");

        Assert.Equal(
            ["10.0.0.7", "printer", "static", "admin", "default", "root", "root"],
            Columns(outcome.Output, "ADDRESS", "CONTAINER", "BEGIN", "END", "SPACE", "BEGUN BY", "ENDED BY"));
    }

    [Fact]
    public async Task An_end_that_nobody_noted_is_unknown_and_was_before_the_next_begin()
    {
        await At(Some.Noon, [First], []);
        CreateStore = static url => new SqliteStore(url["sqlite:".Length..], new SqliteStoreOptions { MustExist = true });
        await ExecuteAsync("DELETE FROM leases");
        await ExecuteAsync("UPDATE blocks SET held = 0");
        Assert.Equal(["add", "unknown", "unknown"], Columns((await RunAsync("history", "10.0.0.9", "-o", "csv")).Output, "BEGIN", "ENDED", "END"));

        await At(Some.Noon.AddHours(2), [Second], []);
        Assert.Equal(["add", "2026-03-04T14:00:00Z", "unknown"], Columns((await RunAsync("history", "10.0.0.9", "-o", "csv")).Output, "BEGIN", "ENDED", "END"));
    }

    [Fact]
    public async Task Where_neither_the_store_nor_the_node_has_a_history_that_is_said()
    {
        await GiveAsync(First);
        WithoutHistory();
        Variables["IPAM_SPOOL"] = Write("spool", "");
        var file = Write("spool", "")[..^"spool".Length] + "history.db";

        Assert.Equal(
            new CliOutcome(
                ExitCode.Failure, "",
                $"ipamctl: {DatabaseUrl} keeps no history, and no ipamd of this machine does: there is no file {file}. Ask on the node of the lease; 'ipamctl lease show 10.0.0.9' shows what is held now.\n"),
            await RunAsync("history", "10.0.0.9"));
    }

    [Fact]
    public async Task A_node_tells_what_it_noted_itself_where_the_store_has_no_history()
    {
        await GiveAsync(First);
        WithoutHistory();
        Variables["IPAM_SPOOL"] = Write("spool", "");
        using (var noted = new NodeHistory(NodeHistory.PathBeside(Variables["IPAM_SPOOL"]), HistoryBounds.Usual, new ManualTimeProvider(Some.Noon)))
            noted.Add([new BlockChange(new Block(BlockId.Of("default", First.Address), [First]), [First], [])], Some.Noon);

        var outcome = await RunAsync("history", "10.0.0.9", "-o", "csv");

        Assert.Equal(["add", "", ""], Columns(outcome.Output, "BEGIN", "ENDED", "END"));
        Assert.Contains("only what the ipamd of this node did is told", outcome.Error, StringComparison.Ordinal);
    }

    private void WithoutHistory() =>
        CreateStore = static url => new MeddlingStore(StoreFactory.Create(url, TimeProvider.System, mustExist: true), static () => Task.CompletedTask) { History = null };

    [Theory]
    [InlineData("--at is one moment", "10.0.0.9", "--at", "1h", "--since", "2h")]
    [InlineData("'10.0.0.0/24' is not one address", "10.0.0.0/24")]
    [InlineData("--at 'yesterday' is no time", "10.0.0.9", "--at", "yesterday")]
    [InlineData("--until '2026-02-30' is no time", "10.0.0.9", "--until", "2026-02-30")]
    [InlineData("An empty text names nobody", "")]
    [InlineData("Name an address, a pod, a node or a container, or give --all; one of them")]
    [InlineData("Name an address, a pod, a node or a container, or give --all; one of them", "10.0.0.9", "--all")]
    public async Task What_cannot_be_asked_is_refused(string expected, params string[] arguments)
    {
        var outcome = await RunAsync(["history", .. arguments]);

        Assert.Equal(ExitCode.Usage, outcome.ExitCode);
        Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
    }

    private async Task TellAsync()
    {
        await At(Some.Noon, [First], []);
        await At(Some.Noon.AddHours(1), [Other], []);
        await At(Some.Noon.AddHours(1.5), [], [First]);
        await At(Some.Noon.AddHours(2), [Second], []);
    }

    private async Task At(DateTimeOffset time, Lease[] added, Lease[] removed)
    {
        await using var store = new SqliteStore(DatabaseFile, new SqliteStoreOptions { Time = new ManualTimeProvider(time) });
        await store.OpenAsync(default);
        await store.ChangeAsync(added, removed);
    }

    /// <summary>Some columns of the only row.</summary>
    private static string[] Columns(string csv, params string[] titles)
    {
        var rows = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static row => row.Split(',')).ToList();
        return Array.ConvertAll(titles, title => rows[1][Array.IndexOf(rows[0], title)]);
    }
}
