using System.Net;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Service.Options;
using Ipam.Service.Pools;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Sticky;

/// <summary>Addresses that stay their owners', on two nodes.</summary>
public sealed class StickyTests : IAsyncLifetime, IDisposable
{
    private const string Ipam = """ "ranges": [[{ "subnet": "10.1.0.0/24" }], [{ "subnet": "fd00::/64" }]], "affinity": "node", "sticky": true """;

    private static readonly Dictionary<string, string> None = [];

    private readonly TempFolder _folder = new();
    private readonly KnownPods _pods = new();
    private readonly KnownCluster _cluster = new();
    private TestDaemon _a = null!;
    private TestDaemon _b = null!;
    private int _pod;

    public async Task InitializeAsync() => (_a, _b) = (await StartAsync("a", isInCluster: true), await StartAsync("b", isInCluster: true));

    public async Task DisposeAsync()
    {
        await _b.DisposeAsync();
        await _a.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_StatefulSet_has_its_addresses_after_any_scaling_on_any_node()
    {
        var first = new string[20];
        for (var i = 0; i < first.Length; i++)
            first[i] = (await AddAsync(i % 2 == 0 ? _a : _b, $"web-{i}")).Addresses;
        Assert.Equal(20, first.Distinct().Count());
        await Parallel.ForAsync(0, first.Length, async (i, _) => (await DelAsync(i % 2 == 0 ? _a : _b, $"web-{i}")).EnsureOk());
        Assert.Equal(40, await KeptAsync());

        // Others come meanwhile, more than there were.
        for (var i = 0; i < 30; i++)
            Assert.DoesNotContain((await AddAsync(i % 2 == 0 ? _a : _b, $"other-{i}", new ObjectFacts([], None))).Addresses, first);

        await Parallel.ForAsync(0, first.Length, async (i, _) => Assert.Equal(first[i], (await AddAsync(i % 2 == 0 ? _b : _a, $"web-{i}")).Addresses));
        Assert.Equal(0, await KeptAsync());
    }

    [Fact]
    public async Task A_pod_of_a_lost_node_goes_on_elsewhere_with_its_address_once_the_cluster_says_that_the_node_is_gone()
    {
        var first = (await AddAsync(_a, "web-0")).EnsureOk().Addresses;
        var old = Container("web-0");

        // The pod of this name has another UID now. The former one was deleted by force, for all that anybody knows, and runs on.
        var early = (await AddAsync(_b, "web-0")).EnsureError(11);
        Assert.EndsWith("on node a still has it: its pod is gone, but node a hasn't said that the container is, too", early.Message, StringComparison.Ordinal);
        Assert.True(_cluster.Nodes.TryRemove("a", out _));

        // The former one's DEL comes late.
        Assert.Equal(first, (await AddAsync(_b, "web-0")).Addresses);
        (await _a.Client.CallAsync("del", NetworkJson.Text(Ipam), old)).EnsureOk();

        Assert.Equal(2, (await _b.Store.FindLeasesAsync(new Owner("net", Container("web-0"), "eth0"), null, default)).Whole.Count);
        (await CheckAsync(_b, "web-0", first)).EnsureOk();
    }

    [Fact]
    public async Task A_machine_that_moves_has_one_address_with_both_of_its_pods_alive()
    {
        var machine = new ObjectFacts([], new Dictionary<string, string> { ["vm.kubevirt.io/name"] = "db" });
        var first = (await AddAsync(_a, "virt-1", machine)).EnsureOk();
        var (address, source) = (first.Addresses, Container("virt-1"));
        var second = (await AddAsync(_b, "virt-2", machine)).EnsureOk();
        Assert.Equal(address, second.Addresses);
        // The source answers for them on the wire. Of new ones the wire is asked, and of those of who doesn't move.
        Assert.Equal(("", string.Join(',', address.Split(' ').Select(FirstOf))), (first.Moved, second.Moved));
        Assert.Equal(second.Moved, (await RepeatAsync(_b, "virt-2")).Moved);
        (await CheckAsync(_a, "virt-1", address)).EnsureOk();
        (await CheckAsync(_b, "virt-2", address)).EnsureOk();

        // It doesn't go there after all, and then it does.
        (await DelAsync(_b, "virt-2")).EnsureOk();
        Assert.Equal(2, await KeptAsync());
        (await CheckAsync(_a, "virt-1", address)).EnsureOk();
        Assert.Equal(address, (await AddAsync(_b, "virt-3", machine)).EnsureOk().Addresses);
        (await _a.Client.CallAsync("del", NetworkJson.Text(Ipam), source)).EnsureOk();
        Assert.Equal(0, await KeptAsync());
        (await CheckAsync(_b, "virt-3", address)).EnsureOk();
        // Another machine is another one.
        Assert.NotEqual(address, (await AddAsync(_b, "virt-4", new ObjectFacts([], new Dictionary<string, string> { ["vm.kubevirt.io/name"] = "db2" }))).Addresses);
    }

    [Fact]
    public async Task A_name_is_one_containers_at_a_time()
    {
        var named = new ObjectFacts([], None) { Sticky = "primary" };
        var address = (await AddAsync(_a, "db-1", named)).EnsureOk().Addresses;

        var error = (await AddAsync(_b, "db-2", named)).EnsureError(11);
        Assert.Equal($"address {FirstOf(address)} belongs to Name/shop/primary, and shop/db-1 on node a still has it: the cluster has the pod shop/db-1", error.Message);
        Assert.Empty(await _b.LeasesOf(Container("db-2")));
        Assert.Equal(address, (await RepeatAsync(_a, "db-1")).Addresses);

        (await DelAsync(_a, "db-1")).EnsureOk();
        var next = (await AddAsync(_b, "db-3", named)).EnsureOk();
        Assert.Equal((address, ""), (next.Addresses, next.Moved));
        (await AddAsync(_b, "db-4", new ObjectFacts([], None) { Sticky = "a/b" })).EnsureError(101);
    }

    [Fact]
    public async Task Two_that_begin_at_the_same_time_never_have_two_addresses()
    {
        var machine = new ObjectFacts([], new Dictionary<string, string> { ["vm.kubevirt.io/name"] = "twin" });
        for (var round = 0; round < 10; round++)
        {
            var both = await Task.WhenAll(AddAsync(_a, $"twin-{round}-1", machine), AddAsync(_b, $"twin-{round}-2", machine));
            var addresses = both.Select(static answer => answer.EnsureOk().Addresses).Distinct().ToArray();
            Assert.Single(addresses);
            Assert.Equal(2, await MarkedAsync());
        }
    }

    [Fact]
    public async Task Where_the_quota_is_used_up_an_owner_goes_on_elsewhere_and_counts_there_at_once()
    {
        const string ipam = """ "pools": ["blue"] """;
        Assert.True(await _a.Store.Pools.PutAsync(
            new Pool
            {
                Name = "blue",
                Ranges = [new PoolRange { Subnet = Prefix.Parse("10.7.0.0/24") }],
                Policy = new AllocationPolicy { IsSticky = true },
                Quotas = new Dictionary<string, long> { ["shop"] = 2 },
            },
            default));
        await Task.Delay(PoolCatalogSource.MaxAge);
        var address = (await AddAsync(_a, "web-0", ipam: ipam)).EnsureOk().Addresses;
        (await AddAsync(_a, "web-1", ipam: ipam)).EnsureOk();
        (await DelAsync(_a, "web-0", ipam)).EnsureOk();

        Assert.Equal(address, (await AddAsync(_b, "web-0", ipam: ipam)).EnsureOk().Addresses);

        // Whatever a does about its own share from now on.
        Assert.Equal(1, QuotaShares.Read("", await _b.Store.Quotas.FindAsync("blue/shop", default)).Of("b"));
        (await AddAsync(_b, "web-2", ipam: ipam)).EnsureError(100);
        (await AddAsync(_a, "web-3", ipam: ipam)).EnsureError(100);
    }

    [Fact]
    public async Task Outside_of_a_cluster_the_runtime_gives_the_name()
    {
        await using var c = await StartAsync("c", isInCluster: false);
        await using var d = await StartAsync("d", isInCluster: false);
        const string printer = "IPAM_STICKY=printer";
        var address = (await CallAsync(c, "add", "p1", printer)).EnsureOk().Addresses;
        Assert.Equal($"address {FirstOf(address)} belongs to Name//printer, and container p1 on node c still has it: nobody says that it is gone", (await CallAsync(d, "add", "p2", printer)).EnsureError(11).Message);
        Assert.NotEqual(address, (await CallAsync(d, "add", "p3", "IPAM_STICKY=scanner")).EnsureOk().Addresses);
        Assert.NotEqual(address, (await CallAsync(d, "add", "p4", "")).EnsureOk().Addresses);
        (await CallAsync(c, "del", "p1", printer)).EnsureOk();
        Assert.Equal(address, (await CallAsync(d, "add", "p2", printer)).EnsureOk().Addresses);
        (await CallAsync(d, "del", "p4", "")).EnsureOk();
        Assert.Equal(0, await KeptAsync());
        Assert.StartsWith("CNI_ARGS: K8S_POD_NAMESPACE is \"a/b\", wanted", (await CallAsync(d, "add", "p5", "IPAM_STICKY=x;K8S_POD_NAMESPACE=a/b")).EnsureError(4).Message, StringComparison.Ordinal);
        Assert.StartsWith("CNI_ARGS: IPAM_STICKY is \"a/b\", wanted are 1 to 253", (await CallAsync(d, "add", "p5", "IPAM_STICKY=a/b")).EnsureError(4).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asks_for_nothing_of_that_kind_reads_nothing()
    {
        var reads = _pods.Reads;
        (await _a.Client.CallAsync("add", NetworkJson.Text(""" "subnet": "10.9.0.0/24" """), "plain", ("CNI_ARGS", "K8S_POD_NAMESPACE=shop;K8S_POD_NAME=plain"))).EnsureOk();
        Assert.Equal(reads, _pods.Reads);
        Assert.Empty(await _a.Store.Sticky.ListAsync(default));
    }

    [Fact]
    public async Task An_hour_without_a_container_ends_what_is_kept_for_an_hour()
    {
        var time = new ManualTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        await using var daemon = await TestDaemon.StartAsync(time);
        const string ipam = """ "subnet": "10.5.0.0/24", "order": "lowest", "sticky": true, "stickySeconds": 3600 """;
        var args = ("CNI_ARGS", "IPAM_STICKY=printer");
        (await daemon.Client.CallAsync("add", NetworkJson.Text(ipam), "a", args)).EnsureOk();
        (await daemon.Client.CallAsync("del", NetworkJson.Text(ipam), "a", args)).EnsureOk();
        await PassAsync(time, TimeSpan.FromMinutes(59));
        Assert.Equal("10.5.0.2/24", (await CallAsync("add", "b", args)).Addresses);
        await PassAsync(time, TimeSpan.FromHours(3));
        (await CallAsync("del", "b", args)).EnsureOk();
        Assert.Equal("10.5.0.3/24", (await CallAsync("add", "c")).Addresses);

        await Wait.UntilAsync(async () =>
        {
            time.Advance(TimeSpan.FromMinutes(1));
            return (await daemon.Store.Sticky.ListAsync(default)).Count == 0;
        });

        Assert.Equal("10.5.0.2/24", (await CallAsync("add", "d")).Addresses);

        // A look at the store that was under way while the clock leapt has taken too long; a runtime asks again then.
        async Task<ServiceAnswer> CallAsync(string verb, string container, params (string, string)[] variables)
        {
            ServiceAnswer answer = null!;
            await Wait.UntilAsync(async () =>
            {
                answer = await daemon.Client.CallAsync(verb, NetworkJson.Text(ipam), container, variables);
                return answer.Status != HttpStatusCode.ServiceUnavailable;
            });
            return answer;
        }
    }

    private static string FirstOf(string addresses) => addresses.Split('/')[0];

    private static async Task PassAsync(ManualTimeProvider time, TimeSpan span)
    {
        for (var minute = 0; minute < span.TotalMinutes; minute++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }
    }

    private async Task<TestDaemon> StartAsync(string node, bool isInCluster)
    {
        var daemon = await TestDaemon.StartAsync(
            options => options with { Node = node, Role = ServiceRole.Node },
            store =>
            {
                store.HasOwnerIndex = false;
                (store.PodFacts, store.Cluster) = isInCluster ? (_pods, _cluster) : (null, null);
            },
            _folder.Combine("ipam.db"));
        await daemon.WhenReady;
        return daemon;
    }

    /// <summary>ADD for a new pod, which has the name from then on. One of a StatefulSet, unless it is said what it is.</summary>
    private async Task<ServiceAnswer> AddAsync(TestDaemon daemon, string pod, ObjectFacts? facts = null, string ipam = Ipam)
    {
        var uid = $"uid-{Interlocked.Increment(ref _pod)}";
        lock (_pods)
            _pods.Pods[pod] = (facts ?? new ObjectFacts([], None) { StatefulSet = "web" }) with { Uids = [uid] };
        _cluster.Pods[pod] = new ClusterPod("shop", pod, [uid], daemon.Options.Node, false, []);
        return await RepeatAsync(daemon, pod, ipam);
    }

    private Task<ServiceAnswer> RepeatAsync(TestDaemon daemon, string pod, string ipam = Ipam) => CallAsync(daemon, "add", Container(pod), Args(pod), ipam);

    private async Task<ServiceAnswer> DelAsync(TestDaemon daemon, string pod, string ipam = Ipam)
    {
        var (container, args) = (Container(pod), Args(pod));
        _cluster.Pods.TryRemove(pod, out _);
        return await CallAsync(daemon, "del", container, args, ipam);
    }

    private Task<ServiceAnswer> CheckAsync(TestDaemon daemon, string pod, string addresses)
    {
        var ips = string.Join(", ", addresses.Split(' ').Select(static address => $$"""{ "address": "{{address}}" }"""));
        var network = NetworkJson.Text(Ipam, $$""" "prevResult": { "cniVersion": "1.1.0", "ips": [{{ips}}] } """);
        return daemon.Client.CallAsync("check", network, Container(pod), ("CNI_ARGS", Args(pod)));
    }

    private static Task<ServiceAnswer> CallAsync(TestDaemon daemon, string verb, string container, string args, string ipam = Ipam) =>
        daemon.Client.CallAsync(verb, NetworkJson.Text(ipam), container, ("CNI_ARGS", args));

    private string Container(string pod) => $"c-{_cluster.Pods[pod].Uids[0]}";

    private string Args(string pod) => $"K8S_POD_NAMESPACE=shop;K8S_POD_NAME={pod};K8S_POD_UID={_cluster.Pods[pod].Uids[0]}";

    private Task<int> KeptAsync() => CountAsync(static lease => lease.Owner.IsKept);

    private Task<int> MarkedAsync() => CountAsync(static lease => lease.Sticky is not null);

    private async Task<int> CountAsync(Func<Lease, bool> isMeant)
    {
        var count = 0;
        await foreach (var page in _a.Store.ListBlocksAsync(BlockFilter.All, default))
            count += page.SelectMany(static block => block.Leases).Count(isMeant);
        return count;
    }
}
