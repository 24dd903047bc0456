using Ipam.Stores.Redis.Connecting;

namespace Ipam.Stores.Tests.Redis;

/// <summary>One server for all tests of a class.</summary>
public class RedisServerFixture : IAsyncLifetime
{
    public RedisServerFixture() : this([])
    {
    }

    protected RedisServerFixture(params string[] arguments) => Server = new RedisServer(arguments);

    internal RedisServer Server { get; }

    /// <summary>Servers beside it.</summary>
    protected IList<RedisServer> Others { get; } = [];

    /// <summary>How a store reaches it.</summary>
    public virtual RedisStoreOptions Options => Server.Options;

    public virtual Task InitializeAsync() => Server.StartAsync();

    public virtual Task DisposeAsync()
    {
        foreach (var server in Others.Append(Server))
            server.Dispose();
        return Task.CompletedTask;
    }
}
