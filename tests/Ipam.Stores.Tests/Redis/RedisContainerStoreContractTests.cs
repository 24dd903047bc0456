using Ipam.Core.Stores;
using Ipam.Stores.Redis.Connecting;
using Ipam.Stores.Tests.Contract;

namespace Ipam.Stores.Tests.Redis;

/// <summary>The contract, kept by a server in a container, of whichever version its image has.</summary>
[NeedsRedisContainer]
public sealed class RedisContainerStoreContractTests(RedisContainerServer server) : AllOrNothingPerSpaceStoreContract, IClassFixture<RedisContainerServer>
{
    private bool _isEmpty;

    protected override async Task<IIpamStore> CreateStoreAsync()
    {
        if (!_isEmpty)
            await server.EmptyAsync();
        _isEmpty = true;
        return await RedisServer.OpenAsync(new RedisStoreOptions { Hosts = [("127.0.0.1", server.Port)] });
    }

    // The server's time, which no test can put forward.
}
