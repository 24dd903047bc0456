using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes;
using Ipam.Stores.Tests.Kubernetes.Support;

namespace Ipam.Stores.Tests.Kubernetes;

/// <summary>Who lives in a cluster, as an API server says it to the service account of 'ipamctl gc', in pages of two.</summary>
[NeedsControlPlane]
[Collection(ControlPlaneCollection.Name)]
public sealed class ClusterTests(ControlPlane plane) : IAsyncLifetime, IDisposable
{
    private const string Pods = "api/v1/namespaces/default/pods";
    private const string Nodes = "api/v1/nodes";

    private static readonly KubernetesStoreOptions SmallPages = new() { ObjectsPerPage = 2, PodsPerPage = 2 };

    private readonly TempFolder _folder = new();
    private KubernetesStore _store = null!;

    private ICluster Cluster => _store.Cluster!;

    public async Task InitializeAsync()
    {
        // The API server wants a pod's service account to be there, and there is no controller that makes it.
        await plane.Admin.SendAsync(HttpMethod.Post, "api/v1/namespaces/default/serviceaccounts", """{"metadata":{"name":"default"}}""");
        _store = new KubernetesStore(new KubernetesUrl(KubeconfigAs("system:serviceaccount:ipamsuite:ipam-gc")), TimeProvider.System, SmallPages);
        await _store.OpenAsync(default);
    }

    public async Task DisposeAsync()
    {
        await plane.Admin.MustAsync(HttpMethod.Delete, $"{Pods}?gracePeriodSeconds=0");
        await plane.Admin.MustAsync(HttpMethod.Delete, Nodes);
        await _store.DisposeAsync();
        await plane.EmptyAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task All_nodes_are_listed_with_their_uids_over_several_pages()
    {
        Assert.Empty(await Cluster.ListNodesAsync(default));
        var expected = new Dictionary<string, string>();
        for (var i = 0; i < 5; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"node-{i}.example");
            expected.Add(name, await CreateAsync(Nodes, $$$"""{"metadata":{"name":"{{{name}}}"}}"""));
        }

        Assert.Equal(expected, await Cluster.ListNodesAsync(default));
        Assert.Equal(expected["node-3.example"], await Cluster.FindNodeAsync("node-3.example", default));
        Assert.Null(await Cluster.FindNodeAsync("node-9.example", default));

        await plane.Admin.MustAsync(HttpMethod.Delete, $"{Nodes}/node-3.example");
        var again = await CreateAsync(Nodes, """{"metadata":{"name":"node-3.example"}}""");
        Assert.NotEqual(expected["node-3.example"], again);
        Assert.Equal(again, await Cluster.FindNodeAsync("node-3.example", default));
    }

    [Fact]
    public async Task The_objects_that_sticky_owners_end_with_are_there_or_not_or_it_is_not_known()
    {
        var (web, machine, name) = (new StickyOwner(StickyKind.StatefulSet, "default", "web-10"), new StickyOwner(StickyKind.VirtualMachine, "default", "db"), new StickyOwner(StickyKind.Name, "default", "x"));
        Assert.False(await Cluster.HasAsync(web, default));
        Assert.Null(await Cluster.HasAsync(machine, default));
        Assert.Null(await Cluster.HasAsync(name, default));

        await plane.Admin.MustAsync(HttpMethod.Post, "apis/apps/v1/namespaces/default/statefulsets", """
            {"metadata":{"name":"web"},"spec":{"serviceName":"web","replicas":0,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}
            """);
        Assert.True(await Cluster.HasAsync(web, default));
        Assert.False(await Cluster.HasAsync(web with { Namespace = "elsewhere" }, default));
        Assert.False(await Cluster.HasAsync(web with { Name = "webber-10" }, default));
        await plane.Admin.MustAsync(HttpMethod.Delete, "apis/apps/v1/namespaces/default/statefulsets/web");
        Assert.False(await Cluster.HasAsync(web, default));

        await MachineDefinitions.CreateAsync(plane.Admin);
        Assert.False(await Cluster.HasAsync(machine, default));
        foreach (var (kind, plural) in new[] { ("VirtualMachine", "virtualmachines"), ("VirtualMachineInstance", "virtualmachineinstances") })
        {
            await plane.Admin.MustAsync(HttpMethod.Post, $"apis/kubevirt.io/v1/namespaces/default/{plural}", $$"""{"apiVersion":"kubevirt.io/v1","kind":"{{kind}}","metadata":{"name":"db"} }""");
            Assert.True(await Cluster.HasAsync(machine, default));
            await plane.Admin.MustAsync(HttpMethod.Delete, $"apis/kubevirt.io/v1/namespaces/default/{plural}/db");
        }
        Assert.False(await Cluster.HasAsync(machine, default));
        await MachineDefinitions.DeleteAsync(plane.Admin);
    }

    [Fact]
    public async Task A_claim_is_there_by_its_uid_and_where_nobody_knows_claims_it_is_not_known()
    {
        var claim = new StickyOwner(StickyKind.IPAMClaim, "default", "db") { Uid = "nobody's" };
        Assert.Null(await Cluster.HasAsync(claim, default));
        await IpamClaimDefinition.CreateAsync(plane.Admin);
        Assert.False(await Cluster.HasAsync(claim, default));

        const string db = """{"apiVersion":"k8s.cni.cncf.io/v1alpha1","kind":"IPAMClaim","metadata":{"name":"db"},"spec":{"network":"blue","interface":""}}""";
        var first = claim with { Uid = await CreateAsync(IpamClaimDefinition.Claims, db) };
        Assert.True(await Cluster.HasAsync(first, default));
        Assert.False(await Cluster.HasAsync(claim, default));
        await plane.Admin.MustAsync(HttpMethod.Delete, $"{IpamClaimDefinition.Claims}/db");
        Assert.False(await Cluster.HasAsync(first, default));
        var second = claim with { Uid = await CreateAsync(IpamClaimDefinition.Claims, db) };
        Assert.Equal((false, true), (await Cluster.HasAsync(first, default), await Cluster.HasAsync(second, default)));
        await IpamClaimDefinition.DeleteAsync(plane.Admin);
        Assert.Null(await Cluster.HasAsync(second, default));
    }

    [Fact]
    public async Task All_pods_are_listed_over_several_pages_and_each_is_found()
    {
        Assert.Empty(await Cluster.ListPodsAsync(default));
        var uids = new List<string>();
        for (var i = 0; i < 5; i++)
            uids.Add(await CreatePodAsync($"web-{i}"));

        var pods = await Cluster.ListPodsAsync(default);

        Assert.Equal(uids, pods.Select(static pod => Assert.Single(pod.Uids)));
        Assert.Equal(["web-0", "web-1", "web-2", "web-3", "web-4"], pods.Select(static pod => pod.Name));
        Assert.All(pods, static pod => Assert.Equal(("default", "node-a", false), (pod.Namespace, pod.Node, pod.HasEnded)));
        Assert.All(pods, static pod => Assert.Empty(pod.Addresses));
        Assert.Equal(uids[3], Assert.Single((await Cluster.FindPodAsync("default", "web-3", default))!.Uids));
        Assert.Null(await Cluster.FindPodAsync("default", "web-9", default));
        Assert.Null(await Cluster.FindPodAsync("elsewhere", "web-3", default));
    }

    /// <summary>Asked for as they are, some of these would be answered with a listing or a part of another object.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("web-0/status")]
    [InlineData("web-0%2Fstatus")]
    [InlineData("web-0?watch=1")]
    public async Task What_can_be_nobodys_name_is_not_found(string name)
    {
        await CreatePodAsync("web-0");

        Assert.Null(await Cluster.FindPodAsync("default", name, default));
        Assert.Null(await Cluster.FindPodAsync(name, "web-0", default));
        Assert.Null(await Cluster.FindNodeAsync(name, default));
    }

    [Fact]
    public async Task A_pod_has_all_addresses_of_its_status_and_of_its_networks()
    {
        await CreatePodAsync("web-0", Annotations(
            ("k8s.v1.cni.cncf.io/network-status", """
                [{"name":"cbr0","interface":"eth0","ips":["10.244.1.4","fd00:0001:0000:0000:0000:0000:0000:0004"],"default":true,"dns":{}},
                 {"name":"default/storage","interface":"net1","mac":"0a:58:0a:01:02:03","ips":["192.168.7.9/24"]},
                 {"name":"default/idle","interface":"net2"}]
                """),
            ("k8s.v1.cni.cncf.io/networks-status", """[{"name":"old","ips":["172.30.0.1"]}]"""),
            ("example.com/ips", """[{"ips":["172.30.0.2"]}]""")));
        await ShowAsync("web-0", """{"phase":"Running","hostIP":"192.0.2.7","hostIPs":[{"ip":"192.0.2.7"}],"podIP":"10.244.1.4","podIPs":[{"ip":"10.244.1.4"},{"ip":"fd00:1::5"}]}""");

        foreach (var pod in (ClusterPod[])[Assert.Single(await Cluster.ListPodsAsync(default)), (await Cluster.FindPodAsync("default", "web-0", default))!])
        {
            Assert.Equal(
                ((string[])["10.244.1.4", "172.30.0.1", "192.168.7.9", "fd00:1::4", "fd00:1::5"]).Select(Address.Parse), pod.Addresses.Order());
            Assert.False(pod.HasEnded);
        }
    }

    [Theory]
    [InlineData("""no JSON""")]
    [InlineData("""{"ips":["10.9.9.9"]}""")]
    [InlineData("""[{"ips":"10.9.9.9"},7,[],null,{"ips":[null,{"ip":"x"},"10.9.9","fe80::1%eth0",""]},{"ips":["10.1.1.1"]}]""", "10.1.1.1")]
    [InlineData("""[{"ips":["10.1.1.1"]},{"ips":["10.1.1.2"],""", "10.1.1.1", "10.1.1.2")]
    [InlineData("""[{"ips":["10.1.1.1","\ud800"]}]""", "10.1.1.1")]
    public async Task A_malformed_annotation_leaves_the_rest_of_the_pod_readable(string annotation, params string[] addresses)
    {
        var uid = await CreatePodAsync("web-0", Annotations(("k8s.v1.cni.cncf.io/network-status", annotation)));
        await CreatePodAsync("web-1");
        await ShowAsync("web-0", """{"podIP":"10.244.1.4","podIPs":[{"ip":"10.244.1.4"}]}""");

        var pods = await Cluster.ListPodsAsync(default);

        Assert.Equal(2, pods.Count);
        Assert.Equal(uid, Assert.Single(pods[0].Uids));
        Assert.Equal(addresses.Append("10.244.1.4").Select(Address.Parse).Order(), pods[0].Addresses.Order());
    }

    [Fact]
    public async Task The_mirror_of_a_static_pod_has_the_hash_that_the_kubelet_calls_it_as_well()
    {
        var uid = await CreatePodAsync("etcd-node-a", Annotations(
            ("kubernetes.io/config.hash", "6ad4b2e4c4e9f7"), ("kubernetes.io/config.mirror", "6ad4b2e4c4e9f7"), ("kubernetes.io/config.source", "file")));

        Assert.Equal([uid, "6ad4b2e4c4e9f7"], Assert.Single(await Cluster.ListPodsAsync(default)).Uids);
    }

    [Theory]
    [InlineData("Pending", false)]
    [InlineData("Running", false)]
    [InlineData("Unknown", false)]
    [InlineData("Succeeded", true)]
    [InlineData("Failed", true)]
    public async Task A_pod_has_ended_in_a_phase_that_it_never_leaves(string phase, bool hasEnded)
    {
        await CreatePodAsync("job-0");
        await ShowAsync("job-0", $$"""{"phase":"{{phase}}"}""");

        Assert.Equal(hasEnded, Assert.Single(await Cluster.ListPodsAsync(default)).HasEnded);
    }

    [Fact]
    public async Task Without_permission_the_call_fails_and_says_which_one_is_missing()
    {
        // One who may look at blocks and at no pods.
        const string Bindings = "apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
        await plane.Admin.MustAsync(HttpMethod.Post, Bindings, """
            {"metadata":{"name":"looker"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"ipamctl-node-forget"},
             "subjects":[{"kind":"ServiceAccount","name":"nobody","namespace":"default"}]}
            """);
        try
        {
            await using var store = new KubernetesStore(new KubernetesUrl(plane.Kubeconfig(ControlPlane.NobodysToken)), TimeProvider.System);
            await Wait.UntilAsync(() => MayOpenAsync(store), "an authorizer that has heard of the binding");

            var list = await Assert.ThrowsAsync<StoreException>(() => store.Cluster!.ListPodsAsync(default));
            Assert.Contains("doesn't let us list pods", list.Message, StringComparison.Ordinal);
            Assert.Contains("system:serviceaccount:default:nobody", list.Message, StringComparison.Ordinal);
            var get = await Assert.ThrowsAsync<StoreException>(() => store.Cluster!.FindPodAsync("default", "web-0", default));
            Assert.Contains("doesn't let us get pods", get.Message, StringComparison.Ordinal);
            Assert.True(get.IsRefusal);
        }
        finally
        {
            await plane.Admin.MustAsync(HttpMethod.Delete, $"{Bindings}/looker");
        }
    }

    private static async Task<bool> MayOpenAsync(KubernetesStore store)
    {
        try
        {
            await store.OpenAsync(default);
            return true;
        }
        catch (StoreException e) when (e.IsRefusal)
        {
            return false;
        }
    }

    [Fact]
    public async Task What_a_node_is_in_the_cluster_stays_in_the_registry_when_ipamd_stops_there()
    {
        var nodes = _store.Nodes;
        var entry = new NodeEntry("node-a", "instance", "run1", "host", "identity", 0) { ClusterUid = "uid-1" };
        Assert.True(await nodes.PutAsync(entry, null, default));
        Assert.Equal(entry, await nodes.FindAsync("node-a", default));
        await nodes.RemoveAsync(entry, default);

        Assert.Null(await nodes.FindAsync("node-a", default));
        var stopped = Assert.Single(await nodes.ListAsync(default));
        Assert.Equal(entry with { Run = "" }, stopped);
        Assert.True(stopped.HasStopped);

        Assert.True(await nodes.PutAsync(entry with { Run = "run2" }, null, default));
        Assert.False(await nodes.ForgetAsync(stopped, default));
        await nodes.RemoveAsync(entry with { Run = "run2" }, default);
        Assert.True(await nodes.ForgetAsync(stopped, default));
        Assert.Empty(await nodes.ListAsync(default));
    }

    [Fact]
    public async Task A_copy_of_a_nodes_Lease_under_another_name_is_no_node()
    {
        var entry = new NodeEntry("node-a", "instance", "run1", "host", "identity", 0);
        Assert.True(await _store.Nodes.PutAsync(entry, null, default));
        var leases = "apis/coordination.k8s.io/v1/namespaces/ipamsuite/leases";
        var copy = await plane.Admin.MustAsync(HttpMethod.Get, $"{leases}/ipam.node.node-a");
        using var json = JsonDocument.Parse(copy);
        var version = json.RootElement.GetProperty("metadata").GetProperty("resourceVersion").GetString();
        await plane.Admin.MustAsync(HttpMethod.Post, leases, copy
            .Replace("ipam.node.node-a", "ipam.node.copy", StringComparison.Ordinal).Replace($"\"resourceVersion\":\"{version}\",", "", StringComparison.Ordinal));

        Assert.Equal(entry, Assert.Single(await _store.Nodes.ListAsync(default)));
    }

    private Task<string> CreatePodAsync(string name, string annotations = "{}") => CreateAsync(Pods, $$$"""
        {"metadata":{"name":"{{{name}}}","annotations":{{{annotations}}}},
         "spec":{"nodeName":"node-a","automountServiceAccountToken":false,"containers":[{"name":"c","image":"i"}]}}
        """);

    private async Task ShowAsync(string pod, string status) =>
        await plane.Admin.MustAsync(HttpMethod.Patch, $"{Pods}/{pod}/status", $$"""{"status":{{status}}}""", "application/merge-patch+json");

    /// <summary>Returns the UID.</summary>
    private async Task<string> CreateAsync(string path, string json)
    {
        using var created = JsonDocument.Parse(await plane.Admin.MustAsync(HttpMethod.Post, path, json));
        return created.RootElement.GetProperty("metadata").GetProperty("uid").GetString()!;
    }

    private static string Annotations(params IEnumerable<(string Key, string Text)> annotations) =>
        new JsonObject(annotations.Select(static one => KeyValuePair.Create(one.Key, (JsonNode?)one.Text))).ToJsonString();

    private string KubeconfigAs(string user)
    {
        var path = _folder.Combine("kubeconfig");
        File.WriteAllText(path, $$"""
            { current-context: x, contexts: [{ name: x, context: { cluster: c, user: u, namespace: ipamsuite } }],
              clusters: [{ name: c, cluster: { server: "https://127.0.0.1:{{plane.Port}}", certificate-authority-data: {{Base64(plane.Certificates.Authority)}} } }],
              users: [{ name: u, user: { as: "{{user}}", client-certificate-data: {{Base64(plane.Certificates.Admin)}}, client-key-data: {{Base64(plane.Certificates.AdminKey)}} } }] }
            """);
        return path;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
