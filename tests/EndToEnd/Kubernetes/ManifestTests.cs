using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using EndToEnd.Support;

namespace EndToEnd.Kubernetes;

/// <summary>deploy/kubernetes on an API server with RBAC: all of it is taken, each account can do its work, and no more.</summary>
[NeedsControlPlane]
public sealed partial class ManifestTests(Cluster cluster) : IClassFixture<Cluster>
{
    private static readonly NetworkConfig Network = new("applied") { Space = null, Ipam = """ "pools": ["blue"] """ };

    [RequiresFact("kubectl")]
    public void A_second_time_nothing_changes()
    {
        var before = Versions();
        var names = cluster.Apply(RepositoryRoot.PathOf("deploy/kubernetes"));
        Assert.Superset(
            new HashSet<string> { "namespace/ipamsuite", "daemonset.apps/ipam-node", "deployment.apps/ipam-controller", "deployment.apps/ipam-web", "service/ipam-web", "cronjob.batch/ipam-gc", "customresourcedefinition.apiextensions.k8s.io/ippools.ipamsuite.dev" },
            names.ToHashSet());
        Assert.Equal(before, Versions());

        string Versions() => cluster.Kubectl.Run("get", "daemonsets,deployments,cronjobs,serviceaccounts,roles,rolebindings", "-n", "ipamsuite", "-o", "custom-columns=K:.kind,N:.metadata.name,V:.metadata.resourceVersion");
    }

    [RequiresFact("kubectl")]
    public void A_field_that_no_object_has_would_be_refused()
    {
        var daemonSet = cluster.Kubectl.Write("misspelt.yaml", RepositoryRoot.Read("deploy/kubernetes/node.yaml").Replace("hostPID:", "hostPid:", StringComparison.Ordinal));
        var refused = cluster.Kubectl.TryRun("apply", "--server-side", "--validate=strict", "--dry-run=server", "-f", daemonSet);
        Assert.Contains("hostPid", refused.Stderr, StringComparison.Ordinal);
        Assert.NotEqual(0, refused.ExitCode);
    }

    [RequiresFact("kubectl")]
    public void The_components_are_taken_and_have_the_image_of_the_others()
    {
        var overlay = cluster.Kubectl.Write("kustomization.yaml", $$"""
            resources: [{{Relative("deploy/kubernetes")}}]
            components: [{{Relative("deploy/kubernetes/components/conflist")}}, {{Relative("deploy/kubernetes/components/ipamclaims")}}]
            images: [{ name: ghcr.io/ipamsuite/ipamsuite, newTag: 9.9.9 }]
            """);
        var folder = Path.GetDirectoryName(overlay)!;
        var applied = cluster.Apply(folder, "--dry-run=server");
        Assert.Contains(applied, static name => name.StartsWith("configmap/ipam-conflist-", StringComparison.Ordinal));
        Assert.Contains(applied, static name => name.EndsWith("/ipamclaims.k8s.cni.cncf.io", StringComparison.Ordinal));
        var images = Image().Matches(cluster.Kubectl.Run("kustomize", folder)).Select(static match => match.Groups[1].Value).ToArray();
        Assert.Equal(Enumerable.Repeat("ghcr.io/ipamsuite/ipamsuite:9.9.9", 6), images);

        string Relative(string name) => Path.GetRelativePath(Path.GetDirectoryName(cluster.Kubectl.Write("here", ""))!, RepositoryRoot.PathOf(name));
    }

    [RequiresFact("kubectl")]
    public void Each_kustomization_of_the_documents_renders()
    {
        var text = RepositoryRoot.Read("docs/install-kubernetes.md");
        var folder = Path.GetDirectoryName(cluster.Kubectl.Write("here", ""))!;
        var root = Path.GetRelativePath(folder, RepositoryRoot.Folder);
        string[] examples = [.. text.Split("```yaml\n").Skip(1).Select(static part => part.Split("```")[0])];
        Assert.Equal(3, examples.Length);
        foreach (var (example, expected) in examples.Zip((string[])["\"pools\": [\"pods\"]", "grafana_dashboard: \"1\"", "--node-gone-after=86400"]))
        {
            cluster.Kubectl.Write("kustomization.yaml", example.Replace("deploy/", $"{root}/deploy/", StringComparison.Ordinal));
            Assert.Contains(expected, cluster.Kubectl.Run("kustomize", folder), StringComparison.Ordinal);
        }
    }

    [RequiresFact("kubectl")]
    public void The_way_to_remove_it_makes_the_installer_take_the_plugins_away()
    {
        var patch = RepositoryRoot.Read("docs/install-kubernetes.md").Split("patch daemonset ipam-node -p '")[1].Split('\'')[0];
        var changed = JsonText.Parse(cluster.Kubectl.Run("-n", "ipamsuite", "patch", "daemonset", "ipam-node", "-p", patch, "--dry-run=server", "-o", "json"));
        var pod = changed.GetProperty("spec").GetProperty("template").GetProperty("spec");
        Assert.Equal("""["uninstall-cni","--host-root","/host","--yes"]""", Regex.Replace(pod.GetProperty("initContainers")[0].GetProperty("args").GetRawText(), @"\s", ""));
        Assert.Equal("ipamd", Assert.Single(pod.GetProperty("containers").EnumerateArray()).GetProperty("name").GetString());
    }

    [RequiresFact("kubectl")]
    public void The_image_has_the_version_of_the_programs()
    {
        var version = Command.Run(Repository.Ipamd, "--version").Trim().Split(' ')[1];
        Assert.All(Image().Matches(cluster.Kubectl.Run("kustomize", RepositoryRoot.PathOf("deploy/kubernetes"))), match => Assert.EndsWith($":{version}", match.Groups[1].Value, StringComparison.Ordinal));
    }

    [RequiresFact("kubectl")]
    public async Task Node_controller_and_collection_do_their_work_with_their_own_accounts()
    {
        await cluster.Admin.MustAsync(HttpMethod.Post, "api/v1/nodes", """{ "metadata": { "name": "here" } }""");
        await cluster.Admin.SendAsync(HttpMethod.Post, "api/v1/namespaces/default/serviceaccounts", """{"metadata":{"name":"default"}}""");
        await cluster.Admin.MustAsync(
            HttpMethod.Post, "api/v1/namespaces/default/pods", """{ "metadata": { "name": "alive" }, "spec": { "nodeName": "here", "containers": [{ "name": "c", "image": "i" }] } }""");
        await cluster.Admin.MustAsync(
            HttpMethod.Post, "apis/ipamsuite.dev/v1alpha1/ippools",
            """{ "apiVersion": "ipamsuite.dev/v1alpha1", "kind": "IPPool", "metadata": { "name": "blue" }, "spec": { "ranges": [{ "subnet": "10.62.0.0/24" }] } }""");
        using var site = new Site();
        using var elsewhere = new Site();
        var node = await cluster.PodOfAsync("apps/v1", "daemonsets", "ipam-node");
        var controller = await cluster.PodOfAsync("apps/v1", "deployments", "ipam-controller");
        int[] ports = [Ports.Free(), Ports.Free(), Ports.Free()];
        await using var ipamd = Launch(site, node, KubernetesServer.NodeToken, "here", ports[0], "--socket", site.Socket, "--spool", site.Spool);
        await using var first = Launch(elsewhere, controller, KubernetesServer.ControllerToken, "controller-0", ports[1]);
        await using var second = Launch(elsewhere, controller, KubernetesServer.ControllerToken, "controller-1", ports[2]);
        await ipamd.Log.WaitForAsync("store opened");
        foreach (var log in (ProcessLog[])[first.Log, second.Log])
            await log.WaitForAsync("store opened");

        var address = site.Add(Network).EnsureSuccess().Address;
        Assert.StartsWith("10.62.0.", address, StringComparison.Ordinal);
        await Wait.UntilAsync(async () => (await PoolAsync()).Contains("\"used\":1", StringComparison.Ordinal), "a leader that shows how full the pool is");
        var lease = JsonText.Parse(await cluster.Admin.MustAsync(HttpMethod.Get, "apis/coordination.k8s.io/v1/namespaces/ipamsuite/leases/ipam.controller"));
        Assert.StartsWith("controller-", lease.GetProperty("spec").GetProperty("holderIdentity").GetString(), StringComparison.Ordinal);
        foreach (var (pod, port) in ((JsonElement[])[node, controller, controller]).Zip(ports))
            await EnsureProbesAsync(pod, port);

        var gc = Command.TryRun(Repository.Ipamctl, [.. cluster.ArgumentsOf(await cluster.PodOfAsync("batch/v1", "cronjobs", "ipam-gc"), KubernetesServer.CollectorToken), "--grace", "1"]);
        Assert.True(gc.ExitCode == 0, gc.ToString());
        Assert.Contains("1 leases, 0 released, 0 suspected", gc.Stderr, StringComparison.Ordinal);
        site.Del(Network).EnsureSuccess();
        Assert.DoesNotContain("doesn't let us", $"{ipamd.Log.Text}{first.Log.Text}{second.Log.Text}", StringComparison.Ordinal);
    }

    [RequiresFact("kubectl")]
    public async Task No_account_may_do_what_its_work_does_not_need()
    {
        string[] all =
        [
            "GET api/v1/secrets", "GET api/v1/namespaces/ipamsuite/secrets", "GET api/v1/namespaces/kube-system/secrets/x", "GET api/v1/configmaps", "GET api/v1/namespaces/ipamsuite/configmaps",
            "POST api/v1/namespaces/default/pods", "PATCH api/v1/namespaces/default/pods/x", "PATCH api/v1/namespaces/default/pods/x/status", "DELETE api/v1/namespaces/default/pods/x",
            "DELETE api/v1/namespaces/default/pods", "POST api/v1/namespaces/default/pods/x/eviction", "POST api/v1/namespaces/default/pods/x/exec", "POST api/v1/namespaces/default/pods/x/binding",
            "POST api/v1/nodes", "PATCH api/v1/nodes/x", "PATCH api/v1/nodes/x/status", "DELETE api/v1/nodes/x", "GET api/v1/nodes/x/proxy",
            "POST api/v1/namespaces/ipamsuite/serviceaccounts", "POST api/v1/namespaces/ipamsuite/serviceaccounts/ipam-controller/token",
            "POST apis/rbac.authorization.k8s.io/v1/clusterrolebindings", "POST apis/rbac.authorization.k8s.io/v1/namespaces/ipamsuite/rolebindings", "PATCH apis/rbac.authorization.k8s.io/v1/clusterroles/ipam-node",
            "GET apis/coordination.k8s.io/v1/namespaces/kube-system/leases", "PUT apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-scheduler", "DELETE apis/coordination.k8s.io/v1/namespaces/ipamsuite/leases",
            "PATCH apis/apiextensions.k8s.io/v1/customresourcedefinitions/ipblocks.ipamsuite.dev", "DELETE apis/apiextensions.k8s.io/v1/customresourcedefinitions/ipblocks.ipamsuite.dev",
            "POST apis/ipamsuite.dev/v1alpha1/ippools", "PUT apis/ipamsuite.dev/v1alpha1/ippools/x", "DELETE apis/ipamsuite.dev/v1alpha1/ippools/x", "POST apis/ipamsuite.dev/v1alpha1/ipreservations", "DELETE apis/ipamsuite.dev/v1alpha1/ipreservations/x",
            "DELETE apis/ipamsuite.dev/v1alpha1/ipblocks", "GET api/v1/events", "PATCH api/v1/namespaces/kube-system/events/x", "DELETE api/v1/namespaces/kube-system/events/x", "GET apis/k8s.cni.cncf.io/v1alpha1/ipamclaims", "POST apis/k8s.cni.cncf.io/v1alpha1/namespaces/default/ipamclaims", "PATCH apis/k8s.cni.cncf.io/v1alpha1/namespaces/default/ipamclaims/x", "DELETE apis/k8s.cni.cncf.io/v1alpha1/namespaces/default/ipamclaims/x",
            "PATCH apis/apps/v1/namespaces/ipamsuite/daemonsets/ipam-node", "GET apis/apps/v1/namespaces/ipamsuite/deployments",
        ];
        string[] notForNodes = ["GET api/v1/pods", "GET api/v1/nodes", "DELETE apis/coordination.k8s.io/v1/namespaces/ipamsuite/leases/x", "PATCH apis/ipamsuite.dev/v1alpha1/ippools/x", "PATCH apis/ipamsuite.dev/v1alpha1/ippools/x/status"];
        string[] notForControllers = ["POST apis/ipamsuite.dev/v1alpha1/ipblocks", "PATCH apis/k8s.cni.cncf.io/v1alpha1/namespaces/default/ipamclaims/x/status"];
        string[] notForCollectors = [.. notForControllers, "PATCH apis/ipamsuite.dev/v1alpha1/ippools/x", "PATCH apis/ipamsuite.dev/v1alpha1/ippools/x/status"];
        foreach (var (account, what) in ((string, string[])[])[("ipam-node", notForNodes), ("ipam-controller", notForControllers), ("ipam-gc", notForCollectors), ("ipam-web", [.. notForCollectors, "DELETE apis/ipamsuite.dev/v1alpha1/ipblocks/x", "PUT apis/ipamsuite.dev/v1alpha1/ipblocks/x", "POST apis/coordination.k8s.io/v1/namespaces/ipamsuite/leases", "PUT apis/coordination.k8s.io/v1/namespaces/ipamsuite/leases/x", "POST api/v1/namespaces/default/events"])])
        {
            using var http = cluster.Admin.AsUser($"system:serviceaccount:ipamsuite:{account}");
            foreach (var request in (IEnumerable<string>)[.. all, .. what])
            {
                var parts = request.Split(' ');
                using var message = new HttpRequestMessage(new HttpMethod(parts[0]), parts[1]);
                if (parts[0] is "POST" or "PUT" or "PATCH")
                    message.Content = new StringContent("{}", new System.Net.Http.Headers.MediaTypeHeaderValue(parts[0] == "PATCH" ? "application/merge-patch+json" : "application/json"));
                using var answer = await http.SendAsync(message);
                Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{account} may {request}: {answer.StatusCode}");
            }
        }
    }

    [RequiresFact("kubectl")]
    public void No_rule_grants_more_than_it_names()
    {
        var rules = JsonText.Parse(cluster.Kubectl.Run("get", "clusterroles,roles", "--all-namespaces", "-l", "app.kubernetes.io/part-of=ipamsuite", "-o", "json")).GetProperty("items").EnumerateArray()
            .SelectMany(static role => role.GetProperty("rules").EnumerateArray()).ToArray();
        Assert.NotEmpty(rules);
        foreach (var rule in rules)
        {
            Assert.DoesNotContain("*", rule.GetRawText(), StringComparison.Ordinal);
            Assert.DoesNotContain("secrets", rule.GetRawText(), StringComparison.Ordinal);
            if (Texts(rule, "resources").Any(static resource => resource.StartsWith("pods", StringComparison.Ordinal) || resource.StartsWith("nodes", StringComparison.Ordinal)))
                Assert.Empty(Texts(rule, "verbs").Except(["get", "list"]));
        }
    }

    /// <summary>Runs a pod's ipamd; on a port of its own, as all are on one machine.</summary>
    private Ipamd Launch(Site site, JsonElement pod, string token, string name, int port, params string[] more)
    {
        var start = new ProcessStartInfo(Repository.Ipamd, [.. cluster.ArgumentsOf(pod, token), .. more]);
        start.Environment["IPAM_NODE"] = name;
        start.Environment["IPAM_LISTEN"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
        return Ipamd.Launch(site, start);
    }

    private static async Task EnsureProbesAsync(JsonElement pod, int port)
    {
        using var http = new HttpClient();
        var container = pod.GetProperty("containers")[0];
        foreach (var probe in (string[])["startupProbe", "livenessProbe", "readinessProbe"])
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync($"http://127.0.0.1:{port}{container.GetProperty(probe).GetProperty("httpGet").GetProperty("path").GetString()}")).StatusCode);
    }

    private Task<string> PoolAsync() => cluster.Admin.MustAsync(HttpMethod.Get, "apis/ipamsuite.dev/v1alpha1/ippools/blue");

    private static IEnumerable<string> Texts(JsonElement rule, string property) => rule.GetProperty(property).EnumerateArray().Select(static text => text.GetString()!);

    [GeneratedRegex(" image: (.*)")]
    private static partial Regex Image();
}
