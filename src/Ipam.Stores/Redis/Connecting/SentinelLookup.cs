using System.Net;
using Ipam.Core.Stores;
using StackExchange.Redis;

namespace Ipam.Stores.Redis.Connecting;

/// <summary>Asks Sentinels where the master is.</summary>
internal sealed class SentinelLookup(RedisStoreOptions options, RedisErrors errors, string name)
{
    /// <summary>Where the master is, as the first Sentinel that answers says. All are asked at once: those that are gone cost no time.</summary>
    /// <exception cref="StoreException">None of them knows.</exception>
    public async Task<(string Host, int Port)> FindMasterAsync(CancellationToken cancellationToken)
    {
        Exception? last = null;
        await foreach (var answer in Task.WhenEach(
            options.Hosts.Select(host => AskAsync(host).WaitAsync(options.ConnectTimeout, options.Time, cancellationToken))))
        {
            try
            {
                if (await answer is { } master)
                    return master;
            }
            catch (Exception e) when (e is RedisException or TimeoutException)
            {
                last = e;
            }
        }
        throw last is null
            ? errors.Refuse($"the Sentinels don't know a master named '{name}'; correct sentinel in the store's URL")
            : errors.DescribeSentinels(last);
    }

    private async Task<(string Host, int Port)?> AskAsync((string Host, int Port) host)
    {
        await using var sentinel = await ConnectionMultiplexer.ConnectAsync(ClientOptions.ForSentinel(options, errors, host));
        return await sentinel.GetServer(host.Host, host.Port).SentinelGetMasterAddressByNameAsync(name) switch
        {
            IPEndPoint address => (address.Address.ToString(), address.Port),
            DnsEndPoint address => (address.Host, address.Port),
            _ => null,
        };
    }
}
