using System.Globalization;
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

        // 16 MiB of 100 bytes each, in 1,024 streams; a server throws away whole parts of a stream, of a hundred events at most.
        var length = int.Parse(fixture.Server.Tell("XLEN", $"ipam:{{space/{space}}}:history/00d"), CultureInfo.InvariantCulture);
        if (isService)
            Assert.InRange(length, 163, 263);
        else
            Assert.Equal(Events, length);
    }

    private static async Task<Block> CommitAsync(RedisStore store, BlockChange change)
    {
        var result = Assert.Single(await store.CommitAsync([change], default));
        Assert.Equal(CommitStatus.Committed, result.Status);
        return change.Block with { Version = result.Version };
    }
}
