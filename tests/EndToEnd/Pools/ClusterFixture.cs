using System.Text.Json;
using EndToEnd.Support;
using EndToEnd.Support.Stores;

namespace EndToEnd.Pools;

/// <summary>A cluster with an ipamd, behind a proxy through which that asks the API server. Nobody runs the cluster's pods: tests call the plugin for them.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    private KubernetesStoreServer _server = null!;
    private FaultProxy _proxy = null!;
    private Ipamd _ipamd = null!;
    private int _containers;

    internal Site Site { get; private set; } = null!;

    internal FaultProxy Proxy => _proxy;

    internal AdminApi Admin => _server.Admin;

    /// <summary>The API server's port.</summary>
    internal int Port => _server.Port!.Value;

    public async Task InitializeAsync()
    {
        // The tests are skipped then.
        if (StoreServer.WhyMissing("kubernetes") is not null)
            return;
        _server = (KubernetesStoreServer)await StoreServer.StartAsync("kubernetes");
        _proxy = FaultProxy.Before(_server.Port!.Value);
        await Admin.MustAsync(HttpMethod.Post, "api/v1/nodes", """{"metadata":{"name":"here","labels":{"zone":"east"}}}""");
        Site = new Site(store: _server.Url(_proxy.Port));
        _ipamd = await Ipamd.StartAsync(Site);
    }

    public async Task DisposeAsync()
    {
        if (_server is null)
            return;
        await _ipamd.DisposeAsync();
        Site.Dispose();
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }

    /// <summary>Makes a pool with one range, and waits until ipamd knows it.</summary>
    internal async Task CreatePoolAsync(string name, string subnet, string more = "")
    {
        await Admin.MustAsync(HttpMethod.Post, "apis/ipamsuite.dev/v1alpha1/ippools", $$"""
            { "apiVersion": "ipamsuite.dev/v1alpha1", "kind": "IPPool", "metadata": { "name": "{{name}}" },
              "spec": { "ranges": [{ "subnet": "{{subnet}}" }]{{(more.Length > 0 ? $", {more}" : "")}} } }
            """);
        var strict = new NetworkConfig("any") { Space = null, Ipam = $$""" "pools": ["{{name}}"], "status": "strict" """ };
        await Wait.UntilAsync(() => Task.FromResult(Site.CallForNetwork("STATUS", strict) is { ExitCode: 0 } or { Error.Code: not 7 }), $"pool {name}");
    }

    /// <summary>Makes a namespace, with metadata of its own.</summary>
    internal async Task CreateNamespaceAsync(string name, string metadata)
    {
        await Admin.MustAsync(HttpMethod.Post, "api/v1/namespaces", $$"""{ "metadata": { "name": "{{name}}", {{metadata}} } }""");
        // Made by a controller elsewhere.
        await Admin.MustAsync(HttpMethod.Post, $"api/v1/namespaces/{name}/serviceaccounts", """{"metadata":{"name":"default"}}""");
    }

    /// <summary>Makes a pod with metadata of its own; returns CNI_ARGS as a runtime has them for it.</summary>
    internal async Task<string> CreatePodAsync(string space, string name, string metadata)
    {
        using var pod = JsonDocument.Parse(await Admin.MustAsync(HttpMethod.Post, $"api/v1/namespaces/{space}/pods", $$"""
            { "metadata": { "name": "{{name}}"{{(metadata.Length > 0 ? $", {metadata}" : "")}} },
              "spec": { "nodeName": "here", "automountServiceAccountToken": false, "containers": [{ "name": "c", "image": "i" }] } }
            """));
        return $"IgnoreUnknown=1;K8S_POD_NAMESPACE={space};K8S_POD_NAME={name};K8S_POD_UID={pod.RootElement.GetProperty("metadata").GetProperty("uid").GetString()}";
    }

    /// <summary>Takes a pod away, as if its kubelet had said that it ended.</summary>
    internal Task DeletePodAsync(string space, string name) => Admin.MustAsync(HttpMethod.Delete, $"api/v1/namespaces/{space}/pods/{name}?gracePeriodSeconds=0");

    /// <summary>Makes a StatefulSet, whose pods nobody makes; returns its UID.</summary>
    internal async Task<string> CreateStatefulSetAsync(string space, string name)
    {
        using var set = JsonDocument.Parse(await Admin.MustAsync(HttpMethod.Post, $"apis/apps/v1/namespaces/{space}/statefulsets", $$"""
            {
              "metadata": { "name": "{{name}}" },
              "spec": {
                "serviceName": "{{name}}", "selector": { "matchLabels": { "app": "web" } },
                "template": { "metadata": { "labels": { "app": "web" } }, "spec": { "containers": [{ "name": "c", "image": "i" }] } }
              }
            }
            """));
        return set.RootElement.GetProperty("metadata").GetProperty("uid").GetString()!;
    }

    internal Task DeleteStatefulSetAsync(string space, string name) => Admin.MustAsync(HttpMethod.Delete, $"apis/apps/v1/namespaces/{space}/statefulsets/{name}?propagationPolicy=Background");

    /// <summary>One node more, with an ipamd that goes with it.</summary>
    internal async Task<JoinedNode> JoinAsync(string node)
    {
        await Admin.MustAsync(HttpMethod.Post, "api/v1/nodes", $$"""{ "metadata": { "name": "{{node}}" } }""");
        var site = new Site(store: _server.Url(_proxy.Port));
        return new JoinedNode(site, await Ipamd.StartAsync(site, "--node", node));
    }

    /// <summary>Takes a node away; its ipamd goes on.</summary>
    internal Task DeleteNodeAsync(string node) => Admin.MustAsync(HttpMethod.Delete, $"api/v1/nodes/{node}");

    /// <summary>Changes the metadata of a pod or a namespace.</summary>
    internal Task ChangeAsync(string path, string metadata) =>
        Admin.MustAsync(HttpMethod.Patch, $"api/v1/namespaces/{path}", $$"""{ "metadata": { {{metadata}} } }""", "application/merge-patch+json");

    /// <summary>Calls ADD for a container of its own.</summary>
    internal CniOutcome Add(NetworkConfig network, string args) => Site.Add(network, $"c{Interlocked.Increment(ref _containers)}", args);
}

/// <summary>A node that joined a cluster.</summary>
internal sealed record JoinedNode(Site Site, Ipamd Ipamd) : IAsyncDisposable
{
    /// <summary>It takes its leave, so that nobody waits for a sign of it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!Ipamd.HasExited)
            await Ipamd.StopAsync();
        await Ipamd.DisposeAsync();
        Site.Dispose();
    }
}

/// <summary>Tests that share one cluster; each of them works with pools and namespaces of its own.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<ClusterFixture>
{
    public const string Name = "Cluster with pools";
}
