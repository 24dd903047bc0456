using Ipam.Core.Stores;
using Ipam.Stores.Tests.Contract;

namespace Ipam.Stores.Tests.Redis;

/// <summary>The contract, kept by a cluster.</summary>
[Collection(RedisClusterCollection.Name)]
public sealed class RedisClusterContractTests : AllOrNothingPerSpaceStoreContract
{
    private readonly RedisCluster _cluster;

    public RedisClusterContractTests(RedisClusterFixture fixture)
    {
        _cluster = fixture.Cluster;
        _cluster.Flush();
    }

    protected override async Task<IIpamStore> CreateStoreAsync() => await RedisServer.OpenAsync(_cluster.Options);

    // The servers' time, which no test can put forward.
}
