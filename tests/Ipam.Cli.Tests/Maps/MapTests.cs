using System.Text.Json;
using Ipam.Cli.Tests.Support;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Cli.Tests.Maps;

public sealed class MapTests : CatalogTest
{
    [Fact]
    public async Task Each_address_has_a_cell_and_free_blocks_are_a_line()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.1.0.0/24,rangeStart=10.1.0.10,rangeEnd=10.1.0.254,exclude=10.1.0.16/30", "--cooldown", "60");
        await DoAsync("reservation", "add", "10.1.0.20-10.1.0.21", "--name", "dns");
        await GiveAsync(Some.Lease("10.1.0.3"), Some.Lease("10.1.0.10"), Some.Lease("10.1.0.21"));
        await using (var store = await StoreContent.OpenAsync(DatabaseFile))
        {
            var block = (await store.ReadBlocksAsync([BlockId.Of("default", Address.Parse("10.1.0.0"))], default)).Single();
            var cooling = block with { Cooling = [new CoolingAddress(11, Now.AddSeconds(30)), new CoolingAddress(12, Now.AddSeconds(-30))] };
            Assert.Equal(CommitStatus.Committed, (await store.CommitAsync([new BlockChange(cooling, [], [])], default))[0].Status);
        }

        var outcome = await RunAsync("pool", "map", "blue");

        Assert.Equal(new CliOutcome(0,
            """
            10.1.0.0             o      #~.... xxxxrR.......... ................ ................
            10.1.0.64-10.1.0.191  128 free
            10.1.0.192        ................ ................ ................ ...............

            .  free
            #  held
            ~  cooling down
            r  reserved
            R  reserved, still held
            x  never handed out
               in no range
            o  held outside of the ranges

            """, ""), outcome);
        using var json = JsonDocument.Parse((await RunAsync("map", "10.1.0.0/28", "-o", "json")).Output);
        Assert.Equal(
            ["10.1.0.0 3 outside", "10.1.0.3 1 held-outside", "10.1.0.4 6 outside", "10.1.0.10 1 held", "10.1.0.11 1 cooling", "10.1.0.12 4 free"],
            json.RootElement.EnumerateArray().Select(static run => $"{run.GetProperty("first").GetString()} {run.GetProperty("count").GetInt32()} {run.GetProperty("state").GetString()}"));
    }

    [Fact]
    public async Task Of_many_blocks_each_has_a_cell()
    {
        await DoAsync("pool", "create", "big", "--range", "10.0.0.0/8", "--range", "fd00::/64");
        await GiveAsync([.. Enumerable.Range(0, 80).SelectMany(static block => Enumerable.Range(1, block % 3 == 0 ? 62 : block % 3 == 1 ? 7 : 1)
            .Select(host => Some.Lease($"10.0.{block / 2}.{(block % 2 * 64) + host + 1}")))]);

        var outcome = await RunAsync("pool", "map", "big");

        var lines = outcome.Output.Split('\n');
        Assert.Equal("10.0.0.0          #1..19..11..91.. 19..11..91..19.. 11..91..19..11.. 91..19..11..91..", lines[0]);
        Assert.Contains("a cell is a block of 64 addresses", outcome.Output, StringComparison.Ordinal);
        Assert.Contains(lines, static line => line.EndsWith(" free", StringComparison.Ordinal) && line.StartsWith("10.0.", StringComparison.Ordinal));
        Assert.Contains("fd00::40-fd00::ffff:ffff:ffff:ffff  18446744073709551552 free", lines);
        Assert.InRange(lines.Length, 8, 20);
    }

    /// <summary>Beside an oracle that asks for each address by itself.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Runs_say_what_each_address_is(int seed)
    {
        var random = new Random(seed);
        string Within() => $"10.0.{random.Next(2)}.{random.Next(256)}";
        await DoAsync("pool", "create", "one", "--range", $"10.0.0.0/23,rangeStart=10.0.0.{random.Next(2, 90)},exclude={Within()},skipEdges={(seed > 1 ? "true" : "false")}");
        await DoAsync("pool", "create", "two", "--range", $"10.0.1.0/24,rangeEnd=10.0.1.{random.Next(90, 200)}");
        await DoAsync("reservation", "add", Within(), Within());
        var leases = Enumerable.Range(0, 60).Select(_ => Within()).Distinct().Select(static address => Some.Lease(address)).ToArray();
        await GiveAsync(leases);

        using var json = JsonDocument.Parse((await RunAsync("map", "10.0.0.0/22", "-o", "json")).Output);

        var catalog = await CatalogAsync();
        var allocatable = PoolAddresses.Of(catalog.Pools, "default");
        var reserved = PoolAddresses.Reserved(catalog, "default").ToList();
        var at = Address.Parse("10.0.0.0");
        var before = "";
        foreach (var run in json.RootElement.EnumerateArray())
        {
            var state = run.GetProperty("state").GetString()!;
            Assert.NotEqual(before, before = state);
            Assert.Equal(at.ToString(), run.GetProperty("first").GetString());
            for (var left = run.GetProperty("count").GetInt32(); left > 0; left--, at = at with { Value = at.Value + 1 })
            {
                var isHeld = Array.Exists(leases, lease => lease.Address == at);
                var isIn = allocatable.Contains("default", at);
                var expected = reserved.Exists(range => range.Contains(at)) ? isHeld ? "reserved-held" : "reserved"
                    : isHeld ? isIn ? "held" : "held-outside"
                    : isIn ? "free"
                    : catalog.Pools.Any(pool => pool.Ranges[0].Bounds.Contains(at)) ? "never-handed-out" : "outside";
                Assert.True(expected == state, $"seed {seed}: {at} is {expected}, and the map says {state}");
            }
        }
        Assert.Equal("10.0.4.0", at.ToString());
    }

    [Theory]
    [InlineData(3, "there is no pool 'blue'", "pool", "map", "blue")]
    [InlineData(2, "'blue' names no addresses", "map", "blue")]
    public async Task What_isnt_there_has_no_map(int exitCode, string message, params string[] arguments)
    {
        var outcome = await RunAsync(arguments);

        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
    }
}
