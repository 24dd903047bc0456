using Ipam.Core.Stores;
using Ipam.Stores.Redis.Connecting;
using Ipam.Stores.Tests.Contract;

namespace Ipam.Stores.Tests.Redis;

/// <summary>The contract, kept by a server.</summary>
public sealed class RedisStoreContractTests(RedisServerFixture fixture) : RedisStoreContract(fixture), IClassFixture<RedisServerFixture>;

/// <summary>The contract, kept by a master that Sentinels know, where all have users with the fewest rights.</summary>
public sealed class RedisSentinelStoreContractTests(RedisSentinelStoreContractTests.Fixture fixture)
    : RedisStoreContract(fixture), IClassFixture<RedisSentinelStoreContractTests.Fixture>
{
    public sealed class Fixture : RedisServerFixture
    {
        public override RedisStoreOptions Options => Others[0].Options with
        {
            SentinelName = "main",
            SentinelUser = "watcher",
            SentinelPassword = "s3cret",
            User = "ipam",
            Password = RedisUserTests.Password,
        };

        public override async Task InitializeAsync()
        {
            await base.InitializeAsync();
            RedisUserTests.AddUser(Server, "ipam", RedisUserTests.Needed);
            Others.Add(new RedisServer(Server, "main", "user default off", "user watcher on >s3cret -@all +sentinel|get-master-addr-by-name +ping +info"));
            await Others[0].StartAsync();
        }
    }
}

/// <summary>The contract, kept over TLS and in the older protocol.</summary>
public sealed class RedisTlsStoreContractTests(RedisTlsStoreContractTests.Fixture fixture)
    : RedisStoreContract(fixture), IClassFixture<RedisTlsStoreContractTests.Fixture>
{
    public sealed class Fixture : RedisServerFixture
    {
        private readonly TempFolder _folder;
        private readonly int _port;

        public Fixture() : this(new TempFolder(), Ports.Free())
        {
        }

        private Fixture(TempFolder folder, int port) : base(
            "--tls-port", $"{port}", "--tls-cert-file", folder.Combine("server.pem"), "--tls-key-file", folder.Combine("server.key"), "--tls-auth-clients", "no")
        {
            (_folder, _port) = (folder, port);
            RedisTlsTests.Write(folder, "server", "127.0.0.1");
        }

        public override RedisStoreOptions Options => new()
        {
            Hosts = [("127.0.0.1", _port)],
            UsesTls = true,
            UsesOldProtocol = true,
            CertificateAuthorityFile = _folder.Combine("server.pem"),
        };

        public override Task DisposeAsync()
        {
            _folder.Dispose();
            return base.DisposeAsync();
        }
    }
}

/// <summary>What they share.</summary>
public abstract class RedisStoreContract : AllOrNothingPerSpaceStoreContract
{
    private readonly RedisServerFixture _fixture;

    protected RedisStoreContract(RedisServerFixture fixture)
    {
        _fixture = fixture;
        Assert.Equal("OK", _fixture.Server.Tell("FLUSHALL"));
    }

    protected override async Task<IIpamStore> CreateStoreAsync() => await RedisServer.OpenAsync(_fixture.Options);

    // The server's time, which no test can put forward.
}
