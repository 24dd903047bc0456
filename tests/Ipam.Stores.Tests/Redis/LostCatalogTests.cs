using Ipam.Core.Addresses;
using Ipam.Core.Pools;

namespace Ipam.Stores.Tests.Redis;

/// <summary>Pools that are lost with all else, while somebody remembers their revision.</summary>
public sealed class LostCatalogTests(RedisServerFixture fixture) : IClassFixture<RedisServerFixture>
{
    [Fact]
    public async Task No_revision_and_no_version_of_a_pool_comes_again_after_a_loss()
    {
        await using var store = await RedisServer.OpenAsync(fixture.Options);
        var seen = new HashSet<long>();
        for (var loss = 0; loss < 3; loss++)
        {
            Assert.True(await store.Pools.PutAsync(new Pool { Name = "blue", Ranges = [new PoolRange { Subnet = Prefix.Parse("10.1.0.0/16") }] }, default));
            var catalog = await store.Pools.ReadAsync(default);
            Assert.True(seen.Add(catalog.Revision), $"revision {catalog.Revision} came again");
            Assert.Equal(catalog.Revision, Assert.Single(catalog.Pools).Version);
            Assert.Equal("OK", fixture.Server.Tell("FLUSHALL"));
        }
    }
}
