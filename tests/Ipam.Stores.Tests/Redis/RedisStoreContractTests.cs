using Ipam.Core.Stores;
using Ipam.Stores.Redis;
using Ipam.Stores.Tests.Contract;

namespace Ipam.Stores.Tests.Redis;

/// <summary>The contract, kept by a server.</summary>
public sealed class RedisStoreContractTests : AllOrNothingPerSpaceStoreContract, IClassFixture<RedisServerFixture>
{
    private readonly RedisServer _server;

    public RedisStoreContractTests(RedisServerFixture fixture)
    {
        _server = fixture.Server;
        Assert.Equal("OK", _server.Tell("FLUSHALL"));
    }

    protected override async Task<IIpamStore> CreateStoreAsync()
    {
        var store = new RedisStore(_server.Options);
        await store.OpenAsync(default);
        return store;
    }

    // The server's time, which no test can put forward.
    protected override Task PassAsync(TimeSpan term) => Task.Delay(term + TimeSpan.FromMilliseconds(100));
}
