using Ipam.Cli.Tests.Support;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores;
using Testing.Servers;

namespace Ipam.Cli.Tests.Imports;

/// <summary>Imports into the other stores, and from the API.</summary>
[NeedsControlPlane]
public sealed class ImportOnServersTests(ControlPlane plane) : CommandTest, IClassFixture<ControlPlane>
{
    private const string Whereabouts = "whereabouts.cni.cncf.io";
    private readonly TempFolder _folder = new();

    [RequiresFact("redis-server")]
    public async Task What_host_local_has_is_taken_over_into_Redis()
    {
        using var server = await RedisServer.StartNewAsync();
        StoreUrl = $"redis://127.0.0.1:{server.Port}/0";
        await TakeHostLocalAsync();
    }

    [ServerFact]
    public async Task What_host_local_has_is_taken_over_into_Kubernetes()
    {
        StoreUrl = await Importer.UrlAsync(plane);
        await TakeHostLocalAsync();
    }

    [ServerFact]
    public async Task What_pods_show_and_what_Whereabouts_keeps_is_taken_over_from_the_API()
    {
        await PrepareAsync();
        StoreUrl = await Importer.UrlAsync(plane);
        await using var store = await OpenAsync();
        Assert.Equal(0, (await RunAsync("pool", "create", "pods", "--range", "10.72.0.0/24", "--range", "fd72::/64")).ExitCode);

        var running = await RunAsync("import", "running", "-o", "csv");

        var uid = await UidAsync("web-0");
        Assert.Equal(
            $"""
            ADDRESS,STATE,NETWORK,OWNER,POD,NODE,FOUND IN,BECAUSE
            10.72.0.5,taken,pods,imported:running/pod:{uid}/eth0,default/web-0,worker-1,pod default/web-0,
            10.99.0.1,outside-pools,pods,imported:running/pod:{uid}/eth0,default/web-0,worker-1,pod default/web-0,it lies in no pool of space default
            fd72::5,taken,pods,imported:running/pod:{uid}/eth0,default/web-0,worker-1,pod default/web-0,

            """.Replace("\n", "\r\n", StringComparison.Ordinal), running.Output);
        Assert.Equal(0, running.ExitCode);
        Assert.Equal("ipamctl: network pods: there: 2, outside-pools: 1\n", (await RunAsync("import", "running")).Error);

        var objects = await RunAsync("import", "whereabouts", "--network", "macvlan", "-o", "csv");
        Assert.Equal((0, "ipamctl: network 10.72.0.0-24: taken: 1, there: 1\n"), (objects.ExitCode, objects.Error));
        Assert.Contains("10.72.0.6,taken,10.72.0.0-24,macvlan/c2/net1,default/gone,unknown,IPPool default/10.72.0.0-24 [6],", objects.Output, StringComparison.Ordinal);
        Assert.Equal(3, (await store.LeasesAsync()).Count(static lease => lease.Address.ToString() is "10.72.0.5" or "10.72.0.6" or "fd72::5"));

        // Neither the container nor the interface is known, nor the node of the second.
        Input = """
            {"items": [{"kind": "IP", "metadata": {"name": "web-1.shop"}, "spec": {"podName": "web-1", "namespace": "shop", "subnet": "s", "nodeName": "worker-1", "ipAddress": "10.72.0.8"}},
                       {"kind": "IP", "metadata": {"name": "vip"}, "spec": {"podName": "", "namespace": "", "subnet": "s", "nodeName": "", "ipAddress": "10.72.0.9"}}]}
            """;
        Assert.Equal("ipamctl: network s: taken: 2\n", (await RunAsync("import", "kube-ovn", "-f", "-")).Error);
        Assert.Equal("ipamctl: network s: there: 2\n", (await RunAsync("import", "kube-ovn", "-f", "-")).Error);

        Assert.Equal(
            new CliOutcome(2, "", "ipamctl: the cluster has no spiderippools.spiderpool.spidernet.io: is spiderpool installed there?\n"), await RunAsync("import", "spiderpool"));

        // A static pod is called otherwise by the runtime; another one's lease is a conflict, and doesn't keep the others from being there.
        var leases = (await store.LeasesAsync()).Where(static lease => lease.Owner.Network == "imported:running").ToList();
        await store.ChangeAsync(
            added: [leases[0] with { Owner = new Owner("x", "sandbox", "eth0"), Pod = new PodReference("default", "web-0", "hash-of-web-0") }, leases[1] with { Owner = new Owner("x", "other", "eth0"), Pod = Some.Pod("other") }],
            removed: leases);
        var claimed = await RunAsync("import", "running");
        Assert.Equal((4, "ipamctl: network pods: there: 1, conflict: 1, outside-pools: 1\n"), (claimed.ExitCode, claimed.Error));
    }

    private async Task TakeHostLocalAsync()
    {
        await using var store = await OpenAsync();
        Assert.Equal(0, (await RunAsync("pool", "create", "blue", "--range", "10.71.0.0/16")).ExitCode);
        var network = _folder.Combine("net1");
        Directory.CreateDirectory(network);
        for (var i = 0; i < 300; i++)
            File.WriteAllText(Path.Combine(network, $"10.71.{i / 100}.{(i % 100) + 2}"), $"c{i}\r\neth0");

        var done = await RunAsync("import", "host-local", network, "--node", "node-a");

        Assert.Equal((0, "ipamctl: network net1: taken: 300\n"), (done.ExitCode, done.Error));

        var leases = (await store.LeasesAsync()).Where(static lease => lease.Owner.Network == "net1").ToList();
        Assert.Equal(300, leases.Select(static lease => lease.Owner.ContainerId).Distinct().Count());
        Assert.Equal("ipamctl: network net1: there: 300\n", (await RunAsync("import", "host-local", network, "--node", "node-a")).Error);
    }

    private async Task<IIpamStore> OpenAsync()
    {
        var store = StoreFactory.Create(StoreUrl, TimeProvider.System);
        await store.OpenAsync(default);
        return store;
    }

    /// <summary>A pod that runs, and objects of Whereabouts.</summary>
    private async Task PrepareAsync()
    {
        await plane.Admin.SendAsync(HttpMethod.Post, "api/v1/namespaces/default/serviceaccounts", """{"metadata":{"name":"default"}}""");
        await plane.Admin.MustAsync(HttpMethod.Post, "api/v1/namespaces/default/pods", """
            {"metadata":{"name":"web-0","annotations":{"kubernetes.io/config.hash":"hash-of-web-0","k8s.v1.cni.cncf.io/network-status":"[{\"name\":\"x\",\"interface\":\"eth0\",\"ips\":[\"10.72.0.5\",\"fd72::5\"],\"default\":true},{\"name\":\"y\",\"interface\":\"net1\",\"ips\":[\"10.99.0.1\"]}]"}},
             "spec":{"nodeName":"worker-1","containers":[{"name":"c","image":"i"}]}}
            """);
        await plane.Admin.MustAsync(
            HttpMethod.Patch, "api/v1/namespaces/default/pods/web-0/status", """{"status":{"phase":"Running","podIP":"10.72.0.5","podIPs":[{"ip":"10.72.0.5"},{"ip":"fd72::5"}]}}""",
            "application/merge-patch+json");
        foreach (var (kind, plural) in new[] { ("IPPool", "ippools"), ("OverlappingRangeIPReservation", "overlappingrangeipreservations") })
        {
            await plane.Admin.MustAsync(HttpMethod.Post, "apis/apiextensions.k8s.io/v1/customresourcedefinitions", $$"""
                {"metadata":{"name":"{{plural}}.{{Whereabouts}}"},"spec":{"group":"{{Whereabouts}}","scope":"Namespaced","names":{"kind":"{{kind}}","plural":"{{plural}}","singular":"{{kind.ToLowerInvariant()}}","listKind":"{{kind}}List"},
                 "versions":[{"name":"v1alpha1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true} } }]} }
                """);
            await Wait.UntilAsync(
                async () => (await plane.Admin.SendAsync(HttpMethod.Get, $"apis/{Whereabouts}/v1alpha1/namespaces/default/{plural}")).Status == System.Net.HttpStatusCode.OK, plural);
        }
        await plane.Admin.MustAsync(HttpMethod.Post, $"apis/{Whereabouts}/v1alpha1/namespaces/default/ippools", $$"""
            {"apiVersion":"{{Whereabouts}}/v1alpha1","kind":"IPPool","metadata":{"name":"10.72.0.0-24"},
             "spec":{"range":"10.72.0.0/24","allocations":{"5":{"id":"c1","podref":"default/web-0","ifname":"eth0"},"6":{"id":"c2","podref":"default/gone","ifname":"net1"} } } }
            """);
    }

    private async Task<string> UidAsync(string pod)
    {
        using var json = System.Text.Json.JsonDocument.Parse(await plane.Admin.MustAsync(HttpMethod.Get, $"api/v1/namespaces/default/pods/{pod}"));
        return json.RootElement.GetProperty("metadata").GetProperty("uid").GetString()!;
    }
}
