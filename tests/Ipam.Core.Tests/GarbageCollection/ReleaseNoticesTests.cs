using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.GarbageCollection;
using Ipam.Core.Pools;
using Ipam.Core.Reconciliation;
using Ipam.Core.Stores;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.GarbageCollection;

public sealed class ReleaseNoticesTests : IAsyncDisposable, INoticeBoard
{
    private static readonly PoolCatalog Catalog = new(1, [PoolOf("blue", "10.0.0.0/20"), PoolOf("spare", "10.9.0.0/24")], []);

    private readonly InMemoryStore _store = new(StoreMode.PerBlock);
    private readonly InMemoryCluster _cluster = new();
    private readonly List<Notice> _posted = [];

    public ReleaseNoticesTests() => (_store.Cluster, _store.Notices) = (_cluster, this);

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    Task INoticeBoard.PostAsync(Notice notice, CancellationToken cancellationToken)
    {
        _posted.Add(notice);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_thousand_releases_are_one_notice_about_their_pool()
    {
        await PostAsync([.. Enumerable.Range(0, 1_000).Select(static i => Released($"10.0.{i / 200}.{2 + (i % 200)}", new PodReference("shop", $"web-{i}", $"uid-{i}")))]);

        var notice = Assert.Single(_posted);
        Assert.Equal((NoticeSubject.Pool, "blue", "AddressesReleased", false, "ipamctl"), (notice.Subject, notice.Name, notice.Reason, notice.IsWarning, notice.By));
        Assert.StartsWith(
            "addresses whose owner is gone and whose DEL never came were released: 1000: 10.0.0.2 of shop/web-0 (namespaces: it is missing, for at least 30 s), 10.0.0.3 of shop/web-1 ",
            notice.Message, StringComparison.Ordinal);
        Assert.EndsWith(", and 996 more", notice.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_is_told_if_it_is_still_there_and_not_one_that_has_its_name_by_now()
    {
        _cluster.Pods.Add(new ClusterPod("shop", "there", ["uid-1"], "node", false, []));
        _cluster.Pods.Add(new ClusterPod("shop", "another", ["uid-9"], "node", false, []));
        await PostAsync(
        [
            Released("10.5.0.1", new PodReference("shop", "there", "uid-1")), Released("fd00::1", new PodReference("shop", "there", "uid-1")),
            Released("10.5.0.2", new PodReference("shop", "another", "uid-2")), Released("10.5.0.3", new PodReference("shop", "gone", "uid-3")), Released("10.5.0.4", null),
        ]);

        var notice = Assert.Single(_posted);
        Assert.Equal((NoticeSubject.Pod, "shop", "there", "uid-1"), (notice.Subject, notice.Namespace, notice.Name, notice.Uid));
        Assert.Contains("10.5.0.1 (", notice.Message, StringComparison.Ordinal);
        Assert.Contains("fd00::1 (", notice.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_pods_a_few_are_told()
    {
        for (var i = 0; i < 100; i++)
            _cluster.Pods.Add(new ClusterPod("shop", $"web-{i}", [$"uid-{i}"], "node", false, []));
        await PostAsync([.. Enumerable.Range(0, 100).Select(static i => Released($"10.5.0.{i}", new PodReference("shop", $"web-{i}", $"uid-{i}")))]);

        Assert.Equal(20, _posted.Count);
        Assert.Equal(20, _cluster.Calls);
    }

    private Task PostAsync(LeakRelease[] releases) => new ReleaseNotices(_store, "ipamctl").PostAsync(releases, Catalog, default);

    private static Pool PoolOf(string name, string subnet) => new() { Name = name, Space = Some.Space, Ranges = [new PoolRange { Subnet = Prefix.Parse(subnet) }] };

    private static LeakRelease Released(string address, PodReference? pod) => new(
        Some.Lease(address) with { Pod = pod }, "namespaces", Evidence.Gone("namespace", "it is missing"), "it is missing", TimeSpan.FromSeconds(30));
}
