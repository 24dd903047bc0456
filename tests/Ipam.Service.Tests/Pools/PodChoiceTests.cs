using System.Text;
using System.Text.Json;
using Cni.Protocol;
using Ipam.Core.Addresses;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Service.Pools;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Pools;

/// <summary>Pools that pods choose, and those that choose pods: what each verb makes of them, and what it costs.</summary>
public sealed class PodChoiceTests : IDisposable
{
    private const string Choosing = """ "pools": ["spare"], "podAnnotations": true """;

    private static readonly Dictionary<string, string> None = [];

    private readonly TempFolder _folder = new();
    private readonly KnownPods _pods = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_is_asked_of_pods_by_who_needs_nothing()
    {
        await using var daemon = await StartAsync("here");
        var chooser = new ObjectFacts(["a"], None) { Pools = "green" };

        Assert.StartsWith("10.9.0.", await AddAsync(daemon, "a", """ "pools": ["spare"] """, chooser), StringComparison.Ordinal);
        Assert.StartsWith("10.8.0.", await AddAsync(daemon, "b", """ "subnet": "10.8.0.0/24" """, chooser), StringComparison.Ordinal);
        Assert.StartsWith("10.9.0.", await AddAsync(daemon, "c", """ "pools": ["off", "spare"] """, chooser), StringComparison.Ordinal);
        (await daemon.Client.CallAsync("status", NetworkJson.Text(Choosing + """, "status": "strict" """))).EnsureOk();
        Assert.Equal(0, _pods.Reads);

        // One read of the pod, and of the namespace only of who chooses nothing itself.
        Assert.StartsWith("10.2.0.", await AddAsync(daemon, "d", Choosing, chooser with { Uids = ["d"] }), StringComparison.Ordinal);
        Assert.Equal(1, _pods.Reads);
        Assert.StartsWith("10.1.0.", await AddAsync(daemon, "e", """ "pools": ["web", "spare"] """, new ObjectFacts(["e"], new Dictionary<string, string> { ["app"] = "web" })), StringComparison.Ordinal);
        Assert.Equal(2, _pods.Reads);
    }

    [Fact]
    public async Task Each_pod_gets_what_it_chose_whatever_the_one_before_it_chose()
    {
        await using var daemon = await StartAsync("here");
        foreach (var (name, pools, labels, start) in ((string, string?, string, string)[])
            [("a", "green", "db", "10.2.0."), ("b", null, "web", "10.9.0."), ("c", "web,green", "db", "10.2.0."), ("d", "web,green", "web", "10.1.0."), ("e", "web,green", "db", "10.2.0."), ("f", null, "db", "10.9.0.")])
        {
            var pod = new ObjectFacts([name], new Dictionary<string, string> { ["app"] = labels }) { Pools = pools };
            Assert.StartsWith(start, await AddAsync(daemon, name, Choosing, pod), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_cannot_be_met_says_what_chose_it()
    {
        await using var daemon = await StartAsync("here");
        _pods.Pods["a"] = new ObjectFacts(["a"], None) { Pools = "web, off" };
        _pods.Pods["b"] = new ObjectFacts(["b"], None) { Pools = "bleu" };

        Assert.Equal(
            "no pool can be used of those that annotation ipamsuite.dev/pools of pod shop/a names: "
            + "pool web is for pods with the labels app=web, and pod shop/a has no app (see its podSelector); pool off is disabled",
            (await CallAsync(daemon, "add", "a", Choosing)).EnsureError(100).Message);
        Assert.Equal("annotation ipamsuite.dev/pools of pod shop/b: there is no pool \"bleu\"", (await CallAsync(daemon, "add", "b", Choosing)).EnsureError(101).Message);
        (await CallAsync(daemon, "add", "gone", Choosing)).EnsureError(11);
        Assert.StartsWith("10.9.0.", Address((await daemon.Client.CallAsync("add", NetworkJson.Text(Choosing), "nobody")).EnsureOk()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CHECK_goes_by_what_the_pod_got_and_not_by_what_it_would_choose_now()
    {
        await using var daemon = await StartAsync("here");
        var both = Choosing + """, "subnet": "10.8.0.0/24" """;
        var got = (await CallAsync(daemon, "add", "a", both, new ObjectFacts(["a"], None) { Pools = "green" })).EnsureOk().Body;
        _pods.Pods.Clear();
        var reads = _pods.Reads;

        (await daemon.Client.CallAsync("check", NetworkJson.Text(both, $"\"prevResult\": {got}"), "a")).EnsureOk();
        Assert.Equal(
            "address 10.2.0.77 of prevResult is not held by the container",
            (await daemon.Client.CallAsync(
                "check", NetworkJson.Text(both, """ "prevResult": { "cniVersion": "1.0.0", "ips": [{ "address": "10.2.0.77/24" }] } """), "a")).EnsureError(102).Message);
        // One that has the address of the range alone.
        (await CallAsync(daemon, "add", "b", """ "subnet": "10.8.0.0/24" """, new ObjectFacts(["b"], None))).EnsureOk();
        Assert.Equal("no address of a pool is held by the container", (await daemon.Client.CallAsync("check", NetworkJson.Text(both), "b")).EnsureError(102).Message);
        Assert.Equal(reads, _pods.Reads);
    }

    /// <summary>On a store without an index of owners, a release that was written down finds what another node handed out only where it looks.</summary>
    [Fact]
    public async Task A_spooled_DEL_finds_what_came_of_a_pool_that_the_pod_chose()
    {
        await using (var there = await StartAsync("there"))
            await AddAsync(there, "a", Choosing, new ObjectFacts(["a"], None) { Pools = "green" });
        await using var here = await StartAsync("here");
        Assert.Single(await here.LeasesOf("a"));

        new SpoolFolder(here.Options.Spool).Write(new SpooledRequest(
            "net", new CniEnvironment { Command = CniCommand.Del, ContainerId = "a", IfName = "eth0" }, Encoding.UTF8.GetBytes(NetworkJson.Text(Choosing)), DateTimeOffset.UtcNow));
        await Wait.UntilAsync(() => here.Spooled.Length == 0);

        Assert.Empty(await here.LeasesOf("a"));
    }

    [Fact]
    public async Task Outside_of_a_cluster_no_pod_can_choose()
    {
        await using var daemon = await TestDaemon.StartAsync();

        Assert.StartsWith(
            "ipam: podAnnotations are those of pods of a Kubernetes cluster, and the store belongs to none",
            (await daemon.Client.CallAsync("add", NetworkJson.Text(Choosing), "a")).EnsureError(7).Message, StringComparison.Ordinal);
    }

    private async Task<TestDaemon> StartAsync(string node)
    {
        var daemon = await TestDaemon.StartAsync(
            options => options with { Node = node },
            store =>
            {
                store.HasOwnerIndex = false;
                store.PodFacts = _pods;
            },
            _folder.Combine("ipam.db"));
        await daemon.WhenReady;
        if ((await daemon.Store.Pools.ReadAsync(default)).Pools.Count > 0)
            return daemon;
        var web = new LabelSelector { Labels = new Dictionary<string, string> { ["app"] = "web" } };
        foreach (var pool in (Pool[])[Pool("web", "10.1.0.0/24") with { PodSelector = web }, Pool("green", "10.2.0.0/24"), Pool("off", "10.3.0.0/24") with { IsDisabled = true, PodSelector = web }, Pool("spare", "10.9.0.0/24")])
            Assert.True(await daemon.Store.Pools.PutAsync(pool, default));
        await Task.Delay(PoolCatalogSource.MaxAge);
        return daemon;
    }

    private static Pool Pool(string name, string subnet) =>
        new() { Name = name, Ranges = [new PoolRange { Subnet = Prefix.Parse(subnet) }], Policy = new AllocationPolicy { Affinity = BlockAffinity.Node } };

    private Task<ServiceAnswer> CallAsync(TestDaemon daemon, string verb, string pod, string ipam, ObjectFacts? facts = null)
    {
        if (facts is not null)
            _pods.Pods[pod] = facts;
        return daemon.Client.CallAsync(verb, NetworkJson.Text(ipam), pod, ("CNI_ARGS", $"K8S_POD_NAMESPACE=shop;K8S_POD_NAME={pod};K8S_POD_UID={pod}"));
    }

    private async Task<string> AddAsync(TestDaemon daemon, string pod, string ipam, ObjectFacts? facts = null) => Address((await CallAsync(daemon, "add", pod, ipam, facts)).EnsureOk());

    private static string Address(ServiceAnswer answer)
    {
        using var json = JsonDocument.Parse(answer.Body);
        return json.RootElement.GetProperty("ips")[0].GetProperty("address").GetString()!;
    }
}
