using Ipam.Core.History;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes;
using Ipam.Stores.Redis;
using Ipam.Stores.Redis.Connecting;
using Ipam.Stores.Sqlite;

namespace Ipam.Stores;

/// <summary>Makes the store that a URL names.</summary>
public static class StoreFactory
{
    private const string Known = $"sqlite:PATH (for example sqlite:/var/lib/ipam/ipam.db), {RedisUrl.Form}, and rediss: with TLS, {KubernetesUrl.Form}";

    /// <summary>A URL for messages. One with an '@' may have a password, which no message shows.</summary>
    private static string Shown(string url) => url.Contains('@', StringComparison.Ordinal) ? "the URL, which isn't shown as it may have a password," : $"'{url}'";

    /// <summary>The store of <paramref name="url"/>, not yet open.</summary>
    /// <param name="url">The store's URL, such as <c>sqlite:/var/lib/ipam/ipam.db</c>; a relative path counts from the working directory.</param>
    /// <param name="time">The clock, for stores that have no clock of their own to keep time with.</param>
    /// <param name="mustExist">Whether opening fails if the store isn't there yet, instead of making or upgrading it.</param>
    /// <param name="history">How much is kept of which leases there were; null for what suits most.</param>
    /// <param name="isOfNode">Whether it is for a node's ipamd: that keeps the history itself of a store that can't.</param>
    /// <exception cref="FormatException">The text names no store that is known; the message lists those that are.</exception>
    public static IIpamStore Create(string url, TimeProvider time, bool mustExist = false, HistoryBounds? history = null, bool isOfNode = false)
    {
        if (!StoreUrl.TryParse(url, out var parsed))
            throw new FormatException($"{Shown(url)} is not a store's URL; known are: {Known}");
        return parsed.Scheme switch
        {
            "sqlite" when parsed.Rest.Length > 0 => new SqliteStore(parsed.Rest, new SqliteStoreOptions { MustExist = mustExist, Time = time, History = history ?? HistoryBounds.Usual }),
            "redis" or "rediss" => new RedisStore(
                RedisUrl.Parse(parsed.Scheme == "rediss", parsed.Rest, time) with { History = history ?? HistoryBounds.Usual, ForgetsHistory = !mustExist }),
            "kubernetes" when KubernetesUrl.TryParse(parsed.Rest, out var cluster) => new KubernetesStore(cluster, time, new KubernetesStoreOptions { EndsAreNoted = isOfNode }),
            "kubernetes" => throw new FormatException($"{Shown(url)} has an option that is unknown or without a value; known are: {Known}"),
            "sqlite" => throw new FormatException($"'{url}' names no file; wanted is {Known}"),
            _ => throw new FormatException($"{Shown(url)} names a store of the unknown kind '{parsed.Scheme}'; known are: {Known}"),
        };
    }
}
