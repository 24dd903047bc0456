using System.Text.Json;
using Ipam.Cli.Terminal;
using Ipam.Cli.Tests.Support;
using Ipam.Core.Leadership;
using Ipam.Core.Stores;
using Microsoft.Data.Sqlite;

namespace Ipam.Cli.Tests.Status;

public sealed class StatusTests : CommandTest
{
    [Fact]
    public async Task It_is_one_screen()
    {
        await GiveAsync(Some.Lease("10.0.0.9"), Some.Lease("10.0.0.10"), Some.Lease("10.1.0.1"));
        await RunAsync("pool", "create", "blue", "--range", "10.0.0.0/24");
        await using (var store = await StoreContent.OpenAsync(DatabaseFile))
        {
            Assert.NotNull(await store.Leaders.PutAsync(LeaderRole.Controller, new LeaderRecord("node-a_7f", TimeSpan.FromSeconds(20), Now, Now, 3), default));
            foreach (var node in (string[])["node-a", "node-b"])
                Assert.True(await store.Nodes.PutAsync(new NodeEntry(node, "i", "r", "h", (await store.Past.ReadAsync(default)).Identity, 1), null, default));
        }

        var outcome = await RunAsync("status");

        var identity = JsonDocument.Parse((await RunAsync("store", "show", "-o", "json")).Output).RootElement[0].GetProperty("identity").GetString();
        Assert.Equal(new CliOutcome(0,
            $"""
            STORE     {DatabaseUrl}
            IDENTITY  {identity}
            LEADER    node-a_7f
            NODES     2 (node-a,node-b)
            STOPPED   0
            HELD      3
            BLOCKS    2
            POOLS     1
            IPAMCTL   {ProgramVersion.Text}
            PROBLEMS  none

            """, ""), outcome);
    }

    [Fact]
    public async Task What_is_wrong_has_a_line_each_and_an_exit_code()
    {
        await GiveAsync(Some.Lease("10.0.0.2"), Some.Lease("10.0.1.9"));
        await RunAsync("pool", "create", "full", "--range", "10.0.0.0/30,rangeStart=10.0.0.2,rangeEnd=10.0.0.2");
        await RunAsync("pool", "create", "off", "--range", "10.0.0.0/30,rangeStart=10.0.0.2,rangeEnd=10.0.0.2", "--disabled");
        await using (var store = await StoreContent.OpenAsync(DatabaseFile))
            Assert.True(await store.Nodes.PutAsync(new NodeEntry("node-c", "i", "r", "h", "another", 1), null, default));
        await using (var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False"))
        {
            await connection.OpenAsync();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE blocks SET base = x'05' WHERE base = x'040A000100'";
            Assert.Equal(1, await command.ExecuteNonQueryAsync());
        }

        var outcome = await RunAsync("status");

        var problems = outcome.Output.Split('\n').Where(static line => line.StartsWith("PROBLEM", StringComparison.Ordinal)).ToArray();
        Assert.Equal((8, ""), (outcome.ExitCode, outcome.Error));
        Assert.Collection(
            problems,
            static line => Assert.Equal("PROBLEM   the store lost data, and nothing is handed out until the leases of node-c are there again, or 'ipamctl store accept'", line),
            static line => Assert.StartsWith("PROBLEM   the row of the table blocks with base X'05' in SQLite store ", line, StringComparison.Ordinal),
            static line => Assert.Equal("PROBLEM   pool full has no IPv4 address left (1 held of 1)", line));
        using var json = JsonDocument.Parse((await RunAsync("status", "-o", "json")).Output);
        Assert.Equal(problems.Select(static line => line["PROBLEM   ".Length..]), json.RootElement[0].GetProperty("problems").EnumerateArray().Select(static text => text.GetString()));
    }
}
