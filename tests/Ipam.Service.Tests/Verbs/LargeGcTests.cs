using System.Globalization;
using System.Text.RegularExpressions;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Service.Tests.Support;
using Ipam.Stores.Sqlite;

namespace Ipam.Service.Tests.Verbs;

/// <summary>A GC over far more leases than one call has time for.</summary>
public sealed partial class LargeGcTests : IDisposable
{
    private const int Blocks = 780;

    private static readonly string Network = NetworkJson.Text("\"subnet\": \"10.0.0.0/12\"");

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Fifty_thousand_dead_leases_go_and_what_does_not_fit_into_a_call_goes_with_the_next()
    {
        await FillAsync();
        await using var daemon = await TestDaemon.StartAsync(
            static options => options with { RequestTimeout = TimeSpan.FromSeconds(5) }, static _ => { }, _folder.Combine("ipam.db"));
        await daemon.WhenReady;

        var (left, calls) = (Blocks * 64, 0);
        while (await daemon.Client.CallAsync("gc", Network, null) is var answer && answer.Status != System.Net.HttpStatusCode.OK)
        {
            Assert.InRange(++calls, 1, 40);
            var said = Left().Match(answer.EnsureError(11).Message);
            Assert.True(said.Success, answer.Body);
            var now = int.Parse(said.Groups["left"].Value, CultureInfo.InvariantCulture);
            Assert.True(now < left || now == Blocks * 64, $"{now} are left of {left}");
            left = now;
        }

        Assert.Equal(0, (await daemon.Store.ListSummariesAsync(default, default)).Sum(static block => (long)System.Numerics.BitOperations.PopCount(block.Held)));
    }

    private async Task FillAsync()
    {
        await using var store = new SqliteStore(_folder.Combine("ipam.db"));
        await store.OpenAsync(default);
        var gone = _folder.Combine("gone");
        await store.CommitAsync([.. Enumerable.Range(0, Blocks).Select(number => Full(number, gone))], default);
    }

    private static BlockChange Full(int number, string netns)
    {
        var id = BlockId.Of("default", new Address(IpFamily.V4, (UInt128)(0x0a00_0000 + number * 64)));
        var leases = Enumerable.Range(0, BlockId.Size).Select(offset => new Lease
        {
            Space = "default",
            Address = id.AddressAt(offset),
            Owner = new Owner("net", $"c{number}-{offset}", "eth0"),
            Entry = 0,
            Sequence = offset + 1,
            Node = "here",
            NetworkNamespace = netns,
            AcquiredAt = DateTimeOffset.UnixEpoch,
        }).ToList();
        return new BlockChange(new Block(id, leases) { LastSequence = BlockId.Size, LastOffset = BlockId.Size - 1 }, leases, []);
    }

    [GeneratedRegex("^GC has released [0-9]+ addresses in the time that it has, and (?<left>[0-9]+) are left")]
    private static partial Regex Left();
}
