using System.Net;

namespace EndToEnd.Support.Stores;

/// <summary>A control plane with our definitions and roles.</summary>
internal sealed class KubernetesStoreServer : StoreServer
{
    private const int RenewSeconds = 4;
    private const string Rbac = "apis/rbac.authorization.k8s.io/v1";

    private readonly ControlPlane _plane;
    private readonly TempFolder _copy = new();
    private readonly Lazy<Task> _account;

    private KubernetesStoreServer(ControlPlane plane)
    {
        _plane = plane;
        // Made by a controller elsewhere.
        _account = new(() => Admin.SendAsync(HttpMethod.Post, "api/v1/namespaces/default/serviceaccounts", """{"metadata":{"name":"default"}}"""));
    }

    public static async Task<KubernetesStoreServer> StartAsync(IPAddress address)
    {
        if (ControlPlaneAssets.WhyMissing is { } reason)
            throw new InvalidOperationException($"a Kubernetes store {reason}");
        var plane = new ControlPlane { Address = address };
        await plane.InitializeAsync();
        // Who measures asks the server how often it was asked.
        await plane.Admin.MustAsync(HttpMethod.Post, $"{Rbac}/clusterroles", """
            {"metadata":{"name":"reader-of-metrics"},"rules":[{"nonResourceURLs":["/metrics"],"verbs":["get"]}]}
            """);
        await plane.Admin.MustAsync(HttpMethod.Post, $"{Rbac}/clusterrolebindings", """
            {"metadata":{"name":"reader-of-metrics"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"reader-of-metrics"},
             "subjects":[{"kind":"ServiceAccount","name":"ipamd","namespace":"ipamsuite"}]}
            """);
        return new KubernetesStoreServer(plane);
    }

    public override int? Port => _plane.Port;

    public override string Url(int? port = null) => $"kubernetes:{_plane.Kubeconfig(port: port)}?renewSeconds={RenewSeconds}";

    /// <summary>The same as the service account of the CronJob.</summary>
    public string UrlOfCollector(int renewSeconds = RenewSeconds) => $"kubernetes:{_plane.Kubeconfig(KubernetesServer.CollectorToken)}?renewSeconds={renewSeconds}";

    public override Task SaveAsync() => _plane.RestartAsync(data => Command.Run("cp", "-a", $"{data}/.", _copy.Path));

    public override Task RestoreAsync() => _plane.RestartAsync(data =>
    {
        Directory.Delete(data, recursive: true);
        Command.Run("cp", "-a", _copy.Path, data);
    });

    public override Task EmptyAsync() => _plane.EmptyAsync();

    /// <summary>The API, as an admin.</summary>
    public AdminApi Admin => _plane.Admin;

    /// <summary>A node comes into the cluster.</summary>
    public Task<string> JoinAsync(string node) => Admin.MustAsync(HttpMethod.Post, "api/v1/nodes", $$"""{ "metadata": { "name": "{{node}}" } }""");

    /// <summary>A node leaves the cluster.</summary>
    public Task<string> LeaveAsync(string node) => Admin.MustAsync(HttpMethod.Delete, $"api/v1/nodes/{node}");

    /// <summary>A pod of the namespace default that is bound to a node. Nobody runs it.</summary>
    public async Task CreatePodAsync(string name, string node)
    {
        await _account.Value;
        await Admin.MustAsync(
            HttpMethod.Post, "api/v1/namespaces/default/pods",
            $$"""{ "metadata": { "name": "{{name}}" }, "spec": { "nodeName": "{{node}}", "containers": [{ "name": "c", "image": "i" }] } }""");
    }

    /// <summary>So many nodes come into the cluster, named node-0 and so on, and to each so many pods, named node-0-1 and so on.</summary>
    public Task PopulateAsync(int nodes, int podsOfEach) => Parallel.ForAsync(0, nodes, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
    {
        await JoinAsync($"node-{i}");
        for (var pod = 1; pod <= podsOfEach; pod++)
            await CreatePodAsync($"node-{i}-{pod}", $"node-{i}");
    });

    /// <summary>Whether there is an Event with a reason about something of this name.</summary>
    public async Task<bool> HasEventAsync(string name, string reason) =>
        (await Admin.MustAsync(HttpMethod.Get, $"api/v1/namespaces/default/events?fieldSelector=involvedObject.name={name},reason={reason}"))
            .Contains($"\"reason\":\"{reason}\"", StringComparison.Ordinal);

    public override async ValueTask DisposeAsync()
    {
        _copy.Dispose();
        await _plane.DisposeAsync();
        _plane.Dispose();
    }
}
