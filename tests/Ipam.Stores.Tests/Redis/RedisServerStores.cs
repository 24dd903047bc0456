using System.Diagnostics;
using Ipam.Core.Stores;
using Ipam.Stores.Redis;
using Ipam.Stores.Redis.Connecting;

namespace Ipam.Stores.Tests.Redis;

/// <summary>A server as a store meets it.</summary>
internal static class RedisServerStores
{
    extension(RedisServer server)
    {
        /// <summary>How a store reaches it.</summary>
        public RedisStoreOptions Options => new() { Hosts = [("127.0.0.1", server.Port)] };

        /// <summary>An open store.</summary>
        public static async Task<RedisStore> OpenAsync(RedisStoreOptions options)
        {
            var store = new RedisStore(options);
            await store.OpenAsync(default);
            return store;
        }

        /// <summary>Returns when the store answers again. The client tells nobody when it has a connection anew, so it is tried.</summary>
        public static Task RecoverAsync(IIpamStore store) => RecoverAsync(() => store.PingAsync(default));

        /// <summary>The same by a call of one's own.</summary>
        public static async Task RecoverAsync(Func<Task> call)
        {
            for (var watch = Stopwatch.StartNew(); ;)
            {
                try
                {
                    await call();
                    return;
                }
                catch (StoreException) when (watch.Elapsed < TimeSpan.FromSeconds(30))
                {
                    await Task.Delay(20);
                }
            }
        }
    }

    extension(RedisCluster cluster)
    {
        /// <summary>How a store reaches it.</summary>
        public RedisStoreOptions Options => new() { Hosts = [.. cluster.Nodes.Select(static node => ("127.0.0.1", node.Port))] };
    }
}
