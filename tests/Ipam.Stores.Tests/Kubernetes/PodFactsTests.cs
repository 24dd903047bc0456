using System.Text.Json;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes;
using Ipam.Stores.Tests.Kubernetes.Support;

namespace Ipam.Stores.Tests.Kubernetes;

/// <summary>What pools choose pods by, as the API server says it.</summary>
[NeedsControlPlane]
[Collection(ControlPlaneCollection.Name)]
public sealed class PodFactsTests(ControlPlane plane) : IAsyncLifetime
{
    private const string Space = "api/v1/namespaces/default";
    private const string Pods = $"{Space}/pods";

    private KubernetesStore _store = null!;

    private IPodFacts Facts => _store.PodFacts!;

    public async Task InitializeAsync()
    {
        // The API server wants a pod's service account to be there, and there is no controller that makes it.
        await plane.Admin.SendAsync(HttpMethod.Post, $"{Space}/serviceaccounts", """{"metadata":{"name":"default"}}""");
        _store = await plane.OpenAsync();
    }

    public async Task DisposeAsync()
    {
        await plane.Admin.MustAsync(HttpMethod.Delete, $"{Pods}?gracePeriodSeconds=0");
        await ChangeNamespaceAsync("""{"labels":{"tier":null,"a/b":null},"annotations":{"ipamsuite.dev/pools":null}}""");
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task A_pod_has_the_labels_of_the_moment()
    {
        var uid = await CreatePodAsync("web-0", """ "labels": { "app": "web", "a/b": "" } """);
        await CreatePodAsync("bare", "");

        var web = await Facts.ReadPodAsync("default", "web-0", default);
        Assert.Equal([uid], web!.Uids);
        Assert.Equal(new Dictionary<string, string> { ["app"] = "web", ["a/b"] = "" }, web.Labels);
        Assert.Empty((await Facts.ReadPodAsync("default", "bare", default))!.Labels);

        await plane.Admin.MustAsync(HttpMethod.Patch, $"{Pods}/web-0", """{"metadata":{"labels":{"app":"db","a/b":null}}}""", "application/merge-patch+json");
        Assert.Equal(new Dictionary<string, string> { ["app"] = "db" }, (await Facts.ReadPodAsync("default", "web-0", default))!.Labels);
    }

    [Fact]
    public async Task A_pod_says_whose_its_addresses_are()
    {
        await CreatePodAsync("web-0", """
            "annotations": { "ipamsuite.dev/sticky": "primary", "ipamsuite.dev/pools": "blue" },
            "ownerReferences": [{ "apiVersion": "other.example/v1", "kind": "StatefulSet", "name": "x", "uid": "u1" }, { "apiVersion": "apps/v1", "kind": "StatefulSet", "name": "web", "uid": "u2", "controller": true }]
            """);
        await CreatePodAsync("web-1", """ "ownerReferences": [{ "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web", "uid": "u3" }] """);

        var web = (await Facts.ReadPodAsync("default", "web-0", default))!;
        Assert.Equal(("primary", "web", "blue"), (web.Sticky, web.StatefulSet, web.Pools));
        var other = (await Facts.ReadPodAsync("default", "web-1", default))!;
        Assert.Equal((null, null), (other.Sticky, other.StatefulSet));
    }

    [Fact]
    public async Task A_namespace_has_the_labels_of_the_moment()
    {
        await ChangeNamespaceAsync("""{"labels":{"tier":"gold","a/b":""}}""");

        var labels = (await Facts.ReadNamespaceAsync("default", default))!.Labels;

        Assert.Equal(("gold", ""), (labels["tier"], labels["a/b"]));
        await ChangeNamespaceAsync("""{"labels":{"tier":"silver"}}""");
        Assert.Equal("silver", (await Facts.ReadNamespaceAsync("default", default))!.Labels["tier"]);
    }

    [Fact]
    public async Task The_mirror_of_a_static_pod_has_the_hash_that_the_kubelet_calls_it_as_well()
    {
        var uid = await CreatePodAsync("etcd-node-a", """ "annotations": { "kubernetes.io/config.hash": "6ad4b2e4c4e9f7", "other": "x" } """);

        Assert.Equal([uid, "6ad4b2e4c4e9f7"], (await Facts.ReadPodAsync("default", "etcd-node-a", default))!.Uids);
    }

    [Fact]
    public async Task Pods_and_namespaces_name_pools_by_an_annotation()
    {
        await CreatePodAsync("web-0", """ "annotations": { "a": "b", "ipamsuite.dev/pools": "blue, green", "c": "d" } """);
        await CreatePodAsync("bare", """ "annotations": { "ipamsuite.dev/pool": "x" } """);
        Assert.Equal("blue, green", (await Facts.ReadPodAsync("default", "web-0", default))!.Pools);
        Assert.Null((await Facts.ReadPodAsync("default", "bare", default))!.Pools);

        Assert.Null((await Facts.ReadNamespaceAsync("default", default))!.Pools);
        await ChangeNamespaceAsync("""{"annotations":{"ipamsuite.dev/pools":""}}""");
        Assert.Equal("", (await Facts.ReadNamespaceAsync("default", default))!.Pools);
    }

    /// <summary>Asked for as they are, some of these would be answered with a listing or a part of another object.</summary>
    [Theory]
    [InlineData("web-1")]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("web-0/status")]
    [InlineData("web-0?watch=1")]
    public async Task What_is_not_there_or_can_be_nobodys_name_is_not_found(string name)
    {
        await CreatePodAsync("web-0", "");

        Assert.Null(await Facts.ReadPodAsync("default", name, default));
        Assert.Null(await Facts.ReadPodAsync(name, "web-0", default));
        Assert.Null(await Facts.ReadNamespaceAsync(name, default));
    }

    private Task<string> ChangeNamespaceAsync(string metadata) =>
        plane.Admin.MustAsync(HttpMethod.Patch, Space, $$"""{"metadata":{{metadata}}}""", "application/merge-patch+json");

    /// <summary>Returns the UID.</summary>
    private async Task<string> CreatePodAsync(string name, string metadata)
    {
        var more = metadata.Length > 0 ? $", {metadata}" : "";
        using var created = JsonDocument.Parse(await plane.Admin.MustAsync(HttpMethod.Post, Pods, $$"""
            { "metadata": { "name": "{{name}}"{{more}} }, "spec": { "nodeName": "node-a", "automountServiceAccountToken": false, "containers": [{ "name": "c", "image": "i" }] } }
            """));
        return created.RootElement.GetProperty("metadata").GetProperty("uid").GetString()!;
    }
}
