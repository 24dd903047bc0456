using System.Globalization;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.History;
using Ipam.Core.Stores;
using Ipam.Stores.Redis;
using Ipam.Stores.Tests.Contract;

namespace Ipam.Stores.Tests.Redis;

/// <summary>How much a server keeps of which leases there were.</summary>
public sealed class RedisHistoryTests(RedisServerFixture fixture) : IClassFixture<RedisServerFixture>
{
    private const int Commits = 20;
    private const int Events = Commits * 2 * 64;

    private static readonly HistoryBounds Least = new(TimeSpan.FromDays(90), MostBytes: 16 << 20);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_is_bounded_by_the_services_alone_as_they_know_how_much_is_to_be_kept(bool isService)
    {
        await using var store = await RedisServer.OpenAsync(fixture.Server.Options with { History = Least, ForgetsHistory = isService });
        var space = $"bounded-{isService}";
        var block = Some.NoBlock("10.0.3.64", space);
        for (var i = 0; i < Commits; i++)
        {
            var leases = Enumerable.Range(0, 64).Select(offset => Some.Lease($"10.0.3.{64 + offset}", space: space)).ToArray();
            block = await CommitAsync(store, Change.Give(block, leases));
            block = await CommitAsync(store, Change.Release(block, leases));
        }

        // 16 MiB in 1,024 streams; and what is added until somebody looks again.
        var stream = $"ipam:{{space/{space}}}:history/00d";
        var (size, events) = (int.Parse(fixture.Server.Tell("MEMORY", "USAGE", stream, "SAMPLES", "0"), CultureInfo.InvariantCulture), 0);
        foreach (var offset in Enumerable.Range(64, 64))
            events += (await store.History!.FindAsync(new HistoryQuestion { Space = space, Address = Address.Parse($"10.0.3.{offset}") }, default)).Count;
        if (isService)
        {
            Assert.InRange(size, 8 << 10, 24 << 10);
            Assert.InRange(events, 64, 512);
        }
        else
        {
            Assert.Equal(Events, events);
        }
    }

    [Fact]
    public async Task Leases_that_come_one_by_one_are_bounded_as_well()
    {
        await using var store = await RedisServer.OpenAsync(fixture.Server.Options with { History = Least });
        var block = Some.NoBlock("10.0.3.64", "single");
        for (var i = 0; i < 400; i++)
        {
            var lease = Some.Lease("10.0.3.65", space: "single");
            block = await CommitAsync(store, Change.Give(block, lease));
            block = await CommitAsync(store, Change.Release(block, lease));
        }
        Assert.InRange(int.Parse(fixture.Server.Tell("MEMORY", "USAGE", "ipam:{space/single}:history/00d", "SAMPLES", "0"), CultureInfo.InvariantCulture), 8 << 10, 24 << 10);
        var told = await store.History!.FindAsync(new HistoryQuestion { Space = "single", Address = Address.Parse("10.0.3.65") }, default);
        Assert.Equal(ReleaseCause.Del, LeaseStory.Of(told)[^1].Ended?.Cause);
    }

    private static async Task<Block> CommitAsync(RedisStore store, BlockChange change)
    {
        var result = Assert.Single(await store.CommitAsync([change], default));
        Assert.Equal(CommitStatus.Committed, result.Status);
        return change.Block with { Version = result.Version };
    }
}
