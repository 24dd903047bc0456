using Ipam.Stores.Redis;
using Ipam.Stores.Redis.Connecting;
using StackExchange.Redis;

namespace Ipam.Stores.Tests.Redis;

/// <summary>What is said of the client's faults: sentences, not the client's own notes.</summary>
public sealed class RedisErrorTests
{
    [Theory]
    [InlineData(ConnectionFailureType.SocketClosed)]
    [InlineData(ConnectionFailureType.SocketFailure)]
    [InlineData(ConnectionFailureType.UnableToResolvePhysicalConnection)]
    [InlineData(ConnectionFailureType.ConnectionDisposed)]
    public void A_connection_that_breaks_off_is_called_that(ConnectionFailureType type)
    {
        var errors = new RedisErrors(new RedisStoreOptions { Hosts = [("127.0.0.1", 6379)] });
        var error = errors.Describe(
            new RedisConnectionException(type, CommandFlags.None, "No connection is active/available to service this operation: SMEMBERS; SocketClosed, v: 3.4.35"), "read the spaces")!;

        Assert.EndsWith(": failed to read the spaces: the connection broke off. Check that the server is up and reachable.", error.Message, StringComparison.Ordinal);
    }
}
