using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Reconciliation;
using Ipam.Core.Stores;

namespace Ipam.Core.GarbageCollection;

/// <summary>
/// Tells people, where the store has a place for that, of addresses that were released without a DEL: by one notice for each pool, however many addresses it is
/// about, and one for each of a few pods that are still there.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="by">Which program released them.</param>
public sealed class ReleaseNotices(IIpamStore store, string by)
{
    private const int MostNamed = 4;
    private const int MostPods = 20;

    /// <summary>Puts the notices up.</summary>
    /// <param name="releases">What was released.</param>
    /// <param name="catalog">The pools.</param>
    /// <param name="cancellationToken">Cancels it; some notices may be up.</param>
    /// <exception cref="StoreException">The store failed, or refused.</exception>
    public async Task PostAsync(IReadOnlyCollection<LeakRelease> releases, PoolCatalog catalog, CancellationToken cancellationToken)
    {
        if (store.Notices is not { } board)
            return;
        // That the time of an address conflict is over, or that a kept address is free again, is no news.
        LeakRelease[] leaks = [.. releases.Where(static release => release.Lease.Owner.IsContainer)];
        foreach (var pool in catalog.Pools)
        {
            var addresses = PoolAddresses.Of(pool);
            var some = leaks.Where(release => addresses.Contains(release.Lease.Space, release.Lease.Address)).ToArray();
            if (some.Length > 0)
                await board.PostAsync(OfPool(pool.Name, some) with { By = by }, cancellationToken);
        }
        if (store.Cluster is not { } cluster)
            return;
        foreach (var pod in leaks.GroupBy(static release => release.Lease.Pod).Where(static pod => pod.Key is not null).Take(MostPods))
        {
            if (await FindAsync(cluster, pod.Key!, cancellationToken) is { } uid)
                await board.PostAsync(OfPod(pod.Key!, uid, [.. pod]) with { By = by }, cancellationToken);
        }
    }

    /// <summary>The UID of a pod; null if it isn't there any more, or another one has its name.</summary>
    private static async Task<string?> FindAsync(ICluster cluster, PodReference pod, CancellationToken cancellationToken)
    {
        var found = await cluster.FindPodAsync(pod.Namespace, pod.Name, cancellationToken);
        return found?.Is(pod) == true ? found.Uids[0] : null;
    }

    private static Notice OfPool(string pool, LeakRelease[] releases)
    {
        var named = releases.Take(MostNamed).Select(static release => $"{release.Lease.Address} of {release.Lease.Pod?.ToString() ?? release.Lease.Owner.ToString()} ({release.Because})");
        var more = releases.Length > MostNamed ? $", and {releases.Length - MostNamed} more" : "";
        return new Notice(
            NoticeSubject.Pool, pool, "AddressesReleased", $"addresses whose owner is gone and whose DEL never came were released: {releases.Length}: {string.Join(", ", named)}{more}")
        {
            IsWarning = false,
        };
    }

    private static Notice OfPod(PodReference pod, string uid, LeakRelease[] releases) => new(
        NoticeSubject.Pod, pod.Name, "AddressesReleased",
        $"addresses of a container of this pod that is gone and whose DEL never came were released: {string.Join(", ", releases.Select(static release => $"{release.Lease.Address} ({release.Because})"))}")
    {
        Namespace = pod.Namespace,
        Uid = uid,
        IsWarning = false,
    };
}
