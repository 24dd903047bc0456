using System.Diagnostics;
using Ipam.Cli.Tests.Support;
using Ipam.Core.Stores;
using Ipam.Stores;
using Ipam.Stores.Sqlite;

namespace Ipam.Cli.Tests.Transfer;

public sealed class RestoreTests : CatalogTest
{
    private readonly TempFolder _other = new();

    private string OtherUrl => $"sqlite:{_other.Combine("other.db")}";

    [Fact]
    public async Task A_store_is_made_and_is_the_same()
    {
        var export = await ExportAsync(leases: 200);
        var file = Write("ipam.jsonl", export);

        var missing = await RunPlainAsync("restore", file, "--store", OtherUrl);
        Assert.Equal(1, missing.ExitCode);
        var planned = await RunPlainAsync("restore", file, "--dry-run", "--create", "--store", OtherUrl);
        Assert.Equal(new CliOutcome(0, "would restore blocks: 5, leases: 201, pools and reservations: 2; the export has pools: 1, reservations: 1, blocks: 5, leases: 201, cooldowns: 4\n", ""), planned);
        var done = await RunPlainAsync("restore", file, "--create", "--store", OtherUrl);
        Assert.Equal(new CliOutcome(0, "restored pools: 1, reservations: 1, blocks: 5, leases: 201, cooldowns: 4\n", ""), done);
        Assert.Equal(Body(export), Body((await RunPlainAsync("export", "--store", OtherUrl)).Output));

        var again = await RunPlainAsync("restore", file, "--store", OtherUrl);
        Assert.Equal(new CliOutcome(0, "nothing to restore: the store has all of the export, pools: 1, reservations: 1, blocks: 5, leases: 201, cooldowns: 4\n", ""), again);
    }

    [Fact]
    public async Task The_input_can_be_a_pipe()
    {
        Input = await ExportAsync(leases: 3);

        Assert.Equal(0, (await RunPlainAsync("restore", "-", "--create", "--store", OtherUrl)).ExitCode);

        Assert.Equal(Body(Input), Body((await RunPlainAsync("export", "--store", OtherUrl)).Output));
    }

    [Fact]
    public async Task Ended_by_a_fault_of_the_store_at_any_write_it_goes_on_when_it_is_run_again()
    {
        var export = await ExportAsync(leases: 200);
        var file = Write("ipam.jsonl", export);
        await (await StoreContent.OpenAsync(_other.Combine("other.db"))).DisposeAsync();
        // The blocks, which are one commit, then the reservation, then the pool.
        for (var writes = 0; ; writes++)
        {
            var left = writes;
            CreateStore = url => new MeddlingStore(StoreFactory.Create(url, TimeProvider.System, mustExist: true), () =>
                left-- > 0 ? Task.CompletedTask : throw new StoreException("killed."));
            var outcome = await RunPlainAsync("restore", file, "--store", OtherUrl);
            if (outcome.ExitCode == 0)
                break;
            Assert.Equal(new CliOutcome(1, "", "ipamctl: killed. Not all is restored. Run it again: it goes on.\n"), outcome);
            Assert.InRange(writes, 0, 2);
        }

        Assert.Equal(Body(export), Body((await RunPlainAsync("export", "--store", OtherUrl)).Output));
    }

    [Fact]
    public async Task Killed_at_any_instant_and_run_again_it_ends_the_same()
    {
        var export = await ExportAsync(leases: 8_000);
        var start = new ProcessStartInfo(
            "dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "ipamctl.dll"), "restore", Write("ipam.jsonl", export), "--create", "--store", OtherUrl])
        {
            RedirectStandardOutput = true,
        };
        var killed = 0;
        for (var patience = TimeSpan.FromMilliseconds(200); ; patience *= 1.5)
        {
            using var process = Process.Start(start)!;
            if (process.WaitForExit(patience))
            {
                Assert.Equal(0, process.ExitCode);
                break;
            }
            process.Kill();
            await process.WaitForExitAsync();
            killed++;
        }

        Assert.NotEqual(0, killed);
        Assert.Equal(Body(export), Body((await RunPlainAsync("export", "--store", OtherUrl)).Output));
    }

    [Theory]
    [InlineData("10.0.0.9", "the block default 10.0.0.0/26 is another one in the store than in the export: 10.0.0.9 is held by pods/10.0.0.9-default-container/eth0.")]
    [InlineData("10.9.0.1", "the store has the block default 10.9.0.0/26, and the export doesn't.")]
    public async Task A_store_with_other_leases_is_left_as_it_is(string address, string expected)
    {
        var file = Write("ipam.jsonl", await ExportAsync(leases: 2));
        await using var other = await StoreContent.OpenAsync(_other.Combine("other.db"));
        await other.ChangeAsync(added: [Some.Lease(address)], removed: []);

        var outcome = await RunPlainAsync("restore", file, "--store", OtherUrl);

        Assert.Equal(
            new CliOutcome(4, "", $"ipamctl: not restored: the store is neither empty nor a part of the export. {expected} Restore into an empty store.\n"), outcome);
        Assert.Equal(address, Assert.Single(await other.LeasesAsync()).Address.ToString());
        Assert.Empty((await other.Pools.ReadAsync(default)).Pools);
    }

    [Fact]
    public async Task A_pool_that_says_something_else_is_left_as_it_is()
    {
        var file = Write("ipam.jsonl", await ExportAsync(leases: 2));
        await (await StoreContent.OpenAsync(_other.Combine("other.db"))).DisposeAsync();
        await RunPlainAsync("pool", "create", "blue", "--range", "10.0.0.0/24", "--store", OtherUrl);

        var outcome = await RunPlainAsync("restore", file, "--store", OtherUrl);

        Assert.Equal(4, outcome.ExitCode);
        Assert.Contains("the pool blue is another one in the store than in the export", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_on_which_an_ipamd_works_is_left_as_it_is()
    {
        var file = Write("ipam.jsonl", await ExportAsync(leases: 2));
        await (await StoreContent.OpenAsync(_other.Combine("other.db"))).DisposeAsync();
        await using (await ReportingNode.StartAsync(OtherUrl, "node-x"))
        {
            StoreUrl = OtherUrl;
            var outcome = await RunOverTimeAsync("restore", file);

            Assert.Equal(4, outcome.ExitCode);
            Assert.Contains("not restored: ipamd of node 'node-x' works on the store", outcome.Error, StringComparison.Ordinal);
            Assert.Equal(0, (await RunAsync("restore", file, "--force")).ExitCode);
        }
    }

    [Theory]
    [InlineData("drop -1", "it is cut short: after line 9 the line of the kind 'end' is missing, with which an export ends")]
    [InlineData("drop 4", "line 9: it counts pools: 1, reservations: 1, blocks: 2, leases: 3, cooldowns: 1, damaged: 0; there are pools: 1, reservations: 1, blocks: 2, leases: 2, cooldowns: 1, damaged: 0")]
    [InlineData("drop 0", "line 1: it is of the kind 'pool', and an export begins with one of the kind 'ipam-export'")]
    [InlineData("cut", "line 10: it is no JSON at byte")]
    [InlineData("twice 3", "the block default 10.0.0.0/26 is there twice")]
    [InlineData("twice 4", "line 4: the block default 10.0.0.0/26 has a lease of another block behind it, or two of one address")]
    [InlineData("twice 1", "line 3: the pool 'blue' is there twice")]
    [InlineData("\"format\":1>\"format\":2", "line 1: its format is 2, and this program reads 1; use the ipamctl that wrote it, or a newer one")]
    [InlineData("\"address\":\"10.0.0.1\">\"address\":\"10.0.0.256\"", "line 5: \"address\" is '10.0.0.256', which is no address")]
    [InlineData("\"sequence\":7>\"sequence\":0", "line 9: the lease of fd00::41 has the sequence 0")]
    [InlineData("\"entry\":1>\"entry\":\"1\"", "line 9: \"entry\" is missing, or no whole number")]
    [InlineData("10.0.0.0/26>10.0.0.0/25", "line 4: \"prefix\" is '10.0.0.0/25', and a block is a /26 of IPv4 or a /122 of IPv6")]
    [InlineData("\"address\":\"10.0.0.63\">\"address\":\"10.0.0.64\"", "line 7: the cooldown of 10.0.0.64 in space default is not of the block default 10.0.0.0/26 before it")]
    [InlineData("\"kind\":\"lease\">\"kind\":\"leese\"", "line 5: the kind 'leese' is unknown")]
    [InlineData("\"order\":\"next\">\"order\":\"newest\"", "line 2: ")]
    [InlineData("\"containerId\":\"c1\">\"containerId\":\"c0\"", "10.0.0.1 and 10.0.0.2 are both held by pods/c0/eth0 for the entry 0; leave out the one that it doesn't use")]
    [InlineData("long", "line 2 has more than 4194304 bytes, which no line of an export has")]
    public async Task Of_a_broken_export_nothing_is_taken(string change, string expected)
    {
        var file = Write("ipam.jsonl", Break(await ExportAsync(leases: 2), change));

        var outcome = await RunPlainAsync("restore", file, "--create", "--store", OtherUrl);

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.StartsWith($"ipamctl: the file '{file}' is no whole export: {expected.Replace("\\", "\\\\", StringComparison.Ordinal)}", outcome.Error, StringComparison.Ordinal);
        Assert.EndsWith("Nothing is taken from it.\n", outcome.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_other.Combine("other.db")));
    }

    [Fact]
    public async Task An_export_that_lacks_what_was_damaged_is_taken_by_force_alone()
    {
        var export = (await ExportAsync(leases: 2)).Replace("{\"kind\":\"end\"", "{\"kind\":\"damaged\",\"why\":\"x\"}\n{\"kind\":\"end\"", StringComparison.Ordinal)
            .Replace("\"damaged\":0", "\"damaged\":1", StringComparison.Ordinal);
        var file = Write("ipam.jsonl", export);

        Assert.Equal(4, (await RunPlainAsync("restore", file, "--create", "--store", OtherUrl)).ExitCode);
        Assert.Equal(
            new CliOutcome(5, "restored pools: 1, reservations: 1, blocks: 2, leases: 3, cooldowns: 1\n", "ipamctl: 1 parts that were damaged are missing\n"),
            await RunPlainAsync("restore", file, "--force", "--create", "--store", OtherUrl));
    }

    private static string Break(string export, string change)
    {
        var lines = export.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList();
        var words = change.Split(' ');
        switch (words[0])
        {
            case "drop":
                lines.RemoveAt(words[1] == "-1" ? lines.Count - 1 : int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture));
                break;
            case "twice":
                var at = int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture);
                lines.Insert(at, lines[at]);
                break;
            case "cut":
                return export[..^20];
            case "long":
                lines[1] = new string(' ', 8 << 20) + lines[1];
                break;
            default:
                var pair = change.Split('>');
                Assert.Contains(pair[0], export, StringComparison.Ordinal);
                return export.Replace(pair[0], pair[1], StringComparison.Ordinal);
        }
        return string.Join('\n', lines) + "\n";
    }

    private async Task<string> ExportAsync(int leases)
    {
        await using (var store = new SqliteStore(DatabaseFile))
        {
            await store.OpenAsync(default);
            await Content.FillAsync(store, leases);
        }
        return (await RunAsync("export")).Output;
    }

    private static string Body(string export) => export[export.IndexOf('\n', StringComparison.Ordinal)..];
}
